import { type Diagnostic, diagnostic, type Outcome } from '../../model/diagnostic.ts'
import type { Fleet, Host } from '../../model/fleet/fleet.ts'
import type { Diff, HostPlan, Note, Plan, RebootPlan, Source } from '../../model/plan/plan-schema.ts'
import type { Found, Observation } from '../../model/host/system.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Remote } from '../../ports/remote.ts'
import { isRebootPending, rebootReasons } from '../compare/diff/boot.ts'
import { observeHosts } from '../observe/observe-hosts.ts'
import { excludedHost, observedOf } from './plan-host.ts'
import { makePlan } from './sign.ts'

export interface RebootPlanRequest {
  readonly fleet: Fleet
  /** Names of the hosts that are wanted. */
  readonly selected: ReadonlySet<string>
  readonly which: RebootPlan['which']
  /** Hosts asked at once. */
  readonly parallelism: number
  readonly version: string
  readonly operator: string
  readonly onHost: () => void
}

/**
 * The plan that reboots hosts and changes nothing else on them: each is to end the boot that it told of, and to boot what its
 * system profile holds. Nothing is evaluated. No host is rolled back for another one: each has its own system before and after.
 */
export async function rebootPlan(
  { fleet, selected, which, parallelism, version, operator, onHost }: RebootPlanRequest,
  { remote, clock }: { readonly remote: Remote; readonly clock: Clock },
  signal: AbortSignal,
): Promise<Outcome<Plan>> {
  const hosts = fleet.hosts.filter(({ name }) => selected.has(name))
  const observations = await observeHosts({ hosts, parallelism, detail: 'contents', onHost }, remote, signal)
  const silent = hosts.flatMap((host) => unreachable(host, observations.get(host.name)))
  if (silent.length > 0) return { ok: false, diagnostics: silent }
  const waveOf = new Map(fleet.waves.flatMap((wave) => wave.hosts.map((host) => [host, wave.name] as const)))
  const entries = fleet.hosts
    .filter(({ enabled }) => enabled)
    .map((host): [string, HostPlan] => [
      host.name,
      rebootHost(host, waveOf.get(host.name) ?? '', observations.get(host.name), which),
    ])
  const plan = makePlan({
    // Hosts reboot one at a time, and the plan says so.
    fleet: { ...fleet, waves: fleet.waves.map((wave) => ({ ...wave, maxParallel: 1, rollback: 'none' as const })) },
    source: notEvaluated(fleet.flake),
    base: null,
    reboot: { which },
    hosts: Object.fromEntries(entries),
    notes: [aboutReboot],
    version,
    createdAt: new Date(clock.now()).toISOString(),
    createdBy: operator,
  })
  return { ok: true, value: plan, diagnostics: [] }
}

/** A host that does not say what it has booted cannot be planned; one that may be skipped is left out. */
function unreachable({ name, settings }: Host, found: Found<Observation> | undefined): readonly Diagnostic[] {
  if (found === undefined || found.ok || settings.onUnreachable === 'skip') return []
  const { summary, detail } = found.failure
  const said = [summary, detail].filter((text) => text !== '').join(': ')
  return [
    diagnostic(
      'reboot/unreachable',
      'the host does not say what it has booted',
      `${said}${/[.!?]$/.test(said) ? '' : '.'} Leave it out with --on '!${name}', or set onUnreachable: skip.`,
      { host: name },
    ),
  ]
}

function rebootHost(
  host: Host,
  wave: string,
  found: Found<Observation> | undefined,
  which: RebootPlan['which'],
): HostPlan {
  if (found === undefined) return excludedHost(host, wave, 'not selected')
  if (!found.ok) return excludedHost(host, wave, `unreachable: ${found.failure.summary}`)
  const now = found.value
  const { bootId, booted, nextBoot, profile } = now
  if (booted === null) return excludedHost(host, wave, 'boots no kernel of its own')
  if (bootId === null || nextBoot === null) return excludedHost(host, wave, 'does not say what it boots')
  const because = rebootReasons(now)
  if (which === 'pending' && because.length === 0)
    return excludedHost(
      host,
      wave,
      isRebootPending(now) === null ? 'does not say whether it needs a reboot' : 'needs no reboot',
    )
  const platform = now.platform ?? ''
  return {
    action: 'change',
    wave,
    settings: host.settings,
    notes: [],
    from: observedOf(now),
    to: { drv: null, system: nextBoot, profileDrv: null, profile: profile ?? nextBoot, platform, release: null },
    diff: rebootAlone(because.length > 0 ? because : ['asked for (--all)']),
    rebootFrom: bootId,
  }
}

function rebootAlone(because: readonly string[]): Diff {
  return {
    exact: true,
    packages: [],
    sizeDelta: 0,
    download: 0,
    reboot: { needed: true, because, state: 'pending' },
    units: { restarted: [], stopped: [], started: [], reloaded: [] },
    etc: [],
    users: noNames,
    groups: noNames,
    firewall: { opened: [], closed: [], enabled: null },
    inhibitors: [],
  }
}

const noNames = { added: [], removed: [], changed: [] }

function notEvaluated(flake: string): Source {
  return { original: flake, flake, rev: null, narHash: null, dirty: false, lastModified: null, storePath: null }
}

const aboutReboot: Note = {
  code: 'reboot/plan',
  severity: 'info',
  summary: 'reboots, and changes nothing else',
  detail:
    'Each host boots what its system profile holds, one host at a time; nothing is evaluated, built, copied or activated. A host that does not come back halts its wave, and no host is rolled back.',
}
