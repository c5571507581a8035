import type {
  Failure,
  ChangedHost,
  Diff,
  ExcludedHost,
  HostPlan,
  HostSettings,
  Observed,
  Plan,
  PlanBody,
  Target,
  UnchangedHost,
  UnevaluatedHost,
  UnreachableHost,
  Wave,
} from '../../../src/model/plan/plan-schema.ts'
import { checked } from '../files/schema.ts'

/** A store path for tests: the seed is repeated where Nix has its hash. */
export function storePath(seed: string, name: string): string {
  return `/nix/store/${seed.repeat(32).slice(0, 32)}-${name}`
}

/** Settings of a host that says nothing of its own. */
export function sampleSettings(host: string, more: Partial<HostSettings> = {}): HostSettings {
  return {
    address: [host],
    attribute: host,
    note: null,
    dependsOn: [],
    ssh: { user: null, port: null, identityFile: null, connectTimeoutMs: 5000, hostKey: null, options: {} },
    sudo: 'auto',
    local: 'auto',
    expectHostname: host,
    engine: 'nix',
    deployRs: { node: host, profile: 'system', flake: null },
    mode: 'switch',
    activation: { autoRollback: true, magicRollback: true, confirmTimeoutMs: 30_000, timeoutMs: 240_000 },
    buildOn: 'operator',
    substituteOnTarget: true,
    onUnreachable: 'fail',
    onInhibitors: 'refuse',
    reboot: 'never',
    checks: ['ssh', 'units'],
    vars: {},
    ...more,
  }
}

/** What a healthy host answers. */
export function sampleObserved(host: string, more: Partial<Observed> = {}): Observed {
  const system = storePath('a', `nixos-system-${host}-25.05`)
  return {
    system,
    profile: system,
    nextBoot: system,
    booted: system,
    generation: 41,
    failedUnits: [],
    hostname: host,
    platform: 'x86_64-linux',
    machine: null,
    release: '25.05',
    revision: null,
    ...more,
  }
}

/** What a host should run: another system than `sampleObserved` says. */
function sampleTarget(host: string, more: Partial<Target> = {}): Target {
  const system = storePath('b', `nixos-system-${host}-25.05`)
  return {
    drv: `${storePath('d', `nixos-system-${host}-25.05`)}.drv`,
    system,
    profileDrv: null,
    profile: system,
    platform: 'x86_64-linux',
    release: '25.05',
    ...more,
  }
}

/** A difference of which everything is known and nothing differs. */
export function sampleDiff(more: Partial<Diff> = {}): Diff {
  return {
    exact: true,
    packages: [],
    sizeDelta: 0,
    download: 0,
    reboot: { needed: false, because: [] },
    units: { restarted: [], stopped: [], started: [], reloaded: [] },
    etc: [],
    users: { added: [], removed: [], changed: [] },
    groups: { added: [], removed: [], changed: [] },
    firewall: { opened: [], closed: [], enabled: null },
    inhibitors: [],
    causes: [],
    ...more,
  }
}

/** A difference of which nothing is known. */
export function unknownDiff(): Diff {
  return {
    exact: false,
    packages: null,
    sizeDelta: null,
    download: null,
    reboot: { needed: null, because: [] },
    units: null,
    etc: null,
    users: null,
    groups: null,
    firewall: null,
    inhibitors: null,
    causes: null,
  }
}

/** What the builders below take: the wave is given by `samplePlan`. */
export type Draft<T> = T extends HostPlan ? Omit<T, 'wave'> : never

/** A host that stays as it is. */
export function unchanged(host: string, more: Partial<UnchangedHost> = {}): Draft<UnchangedHost> {
  const from = sampleObserved(host)
  const to = sampleTarget(host, { system: from.system, profile: from.system })
  return { action: 'none', settings: sampleSettings(host), notes: [], from, to, ...more }
}

/** A host that the plan changes. */
export function changed(host: string, diff: Diff = unknownDiff(), more: Partial<ChangedHost> = {}): Draft<ChangedHost> {
  const sides = { from: sampleObserved(host), to: sampleTarget(host) }
  return { action: 'change', settings: sampleSettings(host), notes: [], ...sides, diff, ...more }
}

/** A host that does not answer. */
export function unreachable(host: string, note: string | null = null): Draft<UnreachableHost> {
  const failure: Failure = {
    code: 'ssh/no-answer',
    summary: 'no answer on port 22 within 5 s',
    detail: `${host} did not answer on any of its addresses. Is it switched on?`,
  }
  return {
    action: 'unreachable',
    settings: sampleSettings(host, { note }),
    notes: [],
    to: sampleTarget(host),
    failure,
  }
}

/** A host whose configuration does not evaluate. */
export function unevaluated(host: string): Draft<UnevaluatedHost> {
  const failure: Failure = {
    code: 'evaluate/failed',
    summary: `machines/${host}/configuration.nix does not exist`,
    detail: `error: path '/nix/store/…-source/machines/${host}/configuration.nix' does not exist`,
  }
  return { action: 'evaluation-failed', settings: sampleSettings(host), notes: [], from: null, failure }
}

/** A host that is not part of the plan. */
export function excluded(host: string, reason: string): Draft<ExcludedHost> {
  return { action: 'excluded', settings: sampleSettings(host), notes: [], reason }
}

/** A wave with the defaults of the contract. */
export function sampleWave(name: string, hosts: readonly string[], more: Partial<Wave> = {}): Wave {
  return {
    name,
    hosts,
    maxParallel: 4,
    batches: [],
    maxFailures: 0,
    rollback: 'host',
    bakeTimeMs: 0,
    promotion: 'auto',
    progressDeadlineMs: 1_800_000,
    checks: [],
    ...more,
  }
}

/** A whole plan that plan.schema.json allows: hosts by name, and the waves they are in (one wave, `all`, unless given). */
export function samplePlan(
  drafts: Readonly<Record<string, Draft<HostPlan>>>,
  waves?: readonly Wave[],
  more?: Partial<PlanBody>,
): Plan {
  return checked('plan', hostilePlanOf(drafts, waves, more))
}

/** The same, but the schema is not asked: no plan file could hold what it forbids, and views escape it all the same. */
export function hostilePlanOf(
  drafts: Readonly<Record<string, Draft<HostPlan>>>,
  waves: readonly Wave[] = [sampleWave('all', Object.keys(drafts))],
  more: Partial<PlanBody> = {},
): Plan {
  const waveOf = (host: string) => waves.find((wave) => wave.hosts.includes(host))?.name ?? ''
  const hosts = Object.fromEntries(
    Object.entries(drafts).map(([name, draft]) => [name, { ...draft, wave: waveOf(name) }]),
  )
  return {
    format: '1.0',
    fleet: '0.1.0',
    createdAt: '2025-11-29T20:02:11Z',
    createdBy: 'sma@congenital-optimist',
    planId: `sha256:${'0123456789abcdef'.repeat(4)}`,
    changeDigest: `sha256:${'fedcba9876543210'.repeat(4)}`,
    body: {
      name: 'home-lab',
      source: {
        original: 'git+file:.',
        flake: 'git+file:///srv/lab?rev=4f2c9d1e5b6a7c8d9e0f1a2b3c4d5e6f7a8b9c0d',
        rev: '4f2c9d1e5b6a7c8d9e0f1a2b3c4d5e6f7a8b9c0d',
        narHash: null,
        dirty: false,
        lastModified: '2025-11-29T19:40:00Z',
        storePath: null,
      },
      complete: Object.values(drafts).every(({ action }) => action !== 'unreachable' && action !== 'evaluation-failed'),
      waves,
      groups: {},
      checks: {},
      hooks: [],
      lock: null,
      hosts,
      notes: [],
      ...more,
    },
  }
}
