import { answeringTo } from '../../model/fleet/expected-hostname.ts'
import { runsHere } from '../../model/fleet/runs-here.ts'
import { isConverged } from '../../model/host/converged.ts'
import { type Diagnostic, diagnostic, type Outcome } from '../../model/diagnostic.ts'
import type { Host } from '../../model/fleet/fleet.ts'
import type { ChangedHost, ExcludedHost, HostPlan, Note, Plan, Target } from '../../model/plan/plan-schema.ts'
import type { HostStory } from '../../model/run/host-story.ts'
import type { RunStory } from '../../model/run/story.ts'
import type { Evaluation, Found, Observation } from '../../model/host/system.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Difference } from '../compare/compare.ts'
import { planHost } from './plan-host.ts'
import { gatherRollback } from '../compare/gather/gather-rollback.ts'
import { compareHosts } from '../compare/compare-hosts.ts'
import type { GatherPorts } from '../compare/gather/gather-host.ts'
import { observeHosts } from '../observe/observe-hosts.ts'
import { signPlan } from './sign.ts'

export interface RollbackPlanRequest {
  /** The run that is rolled back, and the plan that it rolled out. */
  readonly story: RunStory
  readonly plan: Plan
  /** Names of the hosts that are wanted back. */
  readonly selected: ReadonlySet<string>
  /** Hosts asked at once. */
  readonly parallelism: number
  readonly version: string
  readonly operator: string
}

export interface RollbackPlanPorts extends GatherPorts {
  readonly clock: Clock
}

/** A host that the run changed: what it is rolled back to, and what the run left on it. */
interface Past {
  readonly planned: ChangedHost
  readonly back: Target
  readonly left: string
}

/** Hosts that a run may have left changed, by name. */
export function changedBy(story: RunStory): ReadonlyMap<string, HostStory> {
  const hosts = story.waves.flatMap(({ hosts }) => hosts)
  return new Map(hosts.filter(({ isChanged }) => isChanged).map((host) => [host.host, host]))
}

/**
 * The plan that rolls a run back: each host that the run changed goes to what it ran before it, by path. Its waves, checks and
 * settings are those of that run's plan. A host that has moved since is shown and left alone.
 */
export async function rollbackPlan(
  request: RollbackPlanRequest,
  ports: RollbackPlanPorts,
  signal: AbortSignal,
): Promise<Outcome<Plan>> {
  const { story, plan, selected, parallelism, version, operator } = request
  const past = pastOf(request)
  if (past.size === 0) return { ok: false, diagnostics: [nothing(story.run)] }
  const hosts = [...past].map(([name, { planned }]): Host => hostOf(name, planned))
  const observing = { hosts, parallelism, detail: 'contents' as const, onHost: () => {} }
  const observations = await observeHosts(observing, ports.remote, signal)
  const evaluations = new Map([...past].map(([name, { back }]) => [name, found(back)] as const))
  const staying = hosts.filter((host) => movedSince(past.get(host.name), observations.get(host.name)) === null)
  const differences = await compareHosts(staying, { evaluations, observations }, parallelism, (one) =>
    gatherRollback(one, ports, signal),
  )
  const entries = Object.entries(plan.body.hosts).map(([name, planned]): [string, HostPlan] => {
    const was = past.get(name)
    const observation = observations.get(name)
    if (was === undefined || observation === undefined) return [name, leftOut(planned, story, selected.has(name))]
    const moved = movedSince(was, observation)
    if (moved !== null) return [name, leftAlone(was.planned, moved, story.run)]
    const findings = { evaluation: found(was.back), observation, drift: [], warnings: [] }
    const difference = nothingToFetch(differences.get(name) ?? null)
    const host = hostOf(name, was.planned, observation)
    return [name, byPath(planHost(host, planned.wave, { ...findings, difference }), was)]
  })
  const { base: _, ...body } = plan.body
  const back = {
    ...body,
    complete: [...observations.values()].every(({ ok }) => ok),
    ranBefore: { of: `run ${story.run}`, entries: runsHere(plan.body) },
    rollback: { run: story.run, planId: plan.planId },
    hosts: Object.fromEntries(entries),
    notes: [aboutRun(request)],
  }
  const createdAt = new Date(ports.clock.now()).toISOString()
  return { ok: true, value: signPlan(back, { version, createdAt, createdBy: operator }), diagnostics: [] }
}

function pastOf({ story, plan, selected }: RollbackPlanRequest): ReadonlyMap<string, Past> {
  const entries = [...changedBy(story)].flatMap(([name, { from, to }]): [string, Past][] => {
    const planned = plan.body.hosts[name]
    if (!selected.has(name) || planned?.action !== 'change') return []
    const system = from ?? planned.from.system
    // What was forced over a host that had moved is not in the plan: then its profile is taken to be the system itself.
    const isPlanned = system === planned.from.system
    // A host that was half-way before is rolled back to what it ran, and boots that as well.
    const isWhole = isPlanned && planned.from.nextBoot === system
    const back: Target = {
      drv: null,
      system,
      profileDrv: null,
      profile: (isWhole ? planned.from.profile : null) ?? system,
      platform: planned.from.platform ?? planned.to.platform,
      release: isPlanned ? planned.from.release : null,
    }
    return [[name, { planned, back, left: to ?? planned.to.system }]]
  })
  return new Map(entries)
}

/** Which system a host runs that the run neither found nor left there; null: it has not moved, or does not answer. */
function movedSince(past: Past | undefined, observation: Found<Observation> | undefined): string | null {
  if (past === undefined || observation?.ok !== true) return null
  const { planned, back, left } = past
  const { system, profile } = observation.value
  if (isConverged(planned.settings.mode, observation.value, back)) return null
  const isKnown = [left, back.system].includes(system)
  const known = [planned.to.profile, left, back.profile, back.system]
  const isProfileKnown = profile === null || known.includes(profile)
  return isKnown && isProfileKnown ? null : isKnown ? (profile ?? system) : system
}

/** What a host is rolled back to is on it, or the rollout refuses. */
function nothingToFetch(difference: Difference | null): Difference | null {
  return difference === null ? null : { ...difference, diff: { ...difference.diff, download: 0 } }
}

/** Back by path, through the engine that can. */
function byPath(planned: HostPlan, { planned: was, back }: Past): HostPlan {
  if (!('to' in planned)) return planned
  const { engine } = was.settings
  const notes = engine === 'nix' ? planned.notes : [...planned.notes, withNix(engine)]
  return { ...planned, to: back, notes }
}

/** The run itself may have given the machine another name: then its id says that it is the right one. */
function hostOf(name: string, { settings, from }: ChangedHost, observation?: Found<Observation>): Host {
  const place = { file: '', line: 1, column: 1, length: 0, text: '' }
  const now = observation?.ok === true && settings.expectHostname !== null ? observation.value : null
  const isSame = now !== null && from.machine !== null && now.machine === from.machine
  const named = isSame ? answeringTo(settings, now.hostname) : settings
  return { name, enabled: true, settings: { ...named, engine: 'nix' }, hostnameFrom: 'fleet.yaml', place }
}

/** A former system in the place of an evaluation: its path is all that is known of it. */
function found(back: Target): { readonly ok: true; readonly value: Evaluation } {
  const bootLinks = { kernel: null, initrd: null, kernelModules: null, kernelParams: null }
  return {
    ok: true,
    value: { ...back, drv: '', bootLinks, kernelVersion: null, selectedPackages: null, warnings: [] },
  }
}

function leftOut(planned: HostPlan, { run }: RunStory, isSelected: boolean): ExcludedHost {
  const { wave, settings } = planned
  const reason = isSelected ? `run ${run} did not change it` : 'not selected'
  return { action: 'excluded', wave, settings, notes: [], reason }
}

function leftAlone({ wave, settings, to }: ChangedHost, runs: string, run: string): ExcludedHost {
  const note: Note = {
    code: 'rollback/changed',
    severity: 'warning',
    summary: `changed since run ${run}: left alone`,
    detail: `It runs ${runs}; run ${run} left ${to.system} on it. It was changed since, and fleet does not overwrite that. To change it anyway, plan it from the flake, or set its profile on the host.`,
  }
  return { action: 'excluded', wave, settings, notes: [note], reason: `changed since run ${run}` }
}

function withNix(engine: string): Note {
  return {
    code: 'rollback/engine',
    severity: 'info',
    summary: `rolls back through fleet's own engine, not ${engine}`,
    detail:
      'A rollback to a store path needs no flake: fleet sets the profile and activates the system on the host itself.',
  }
}

function aboutRun({ story, plan }: RollbackPlanRequest): Note {
  const by = story.startedBy === null ? '' : ` by ${story.startedBy}`
  return {
    code: 'rollback/run',
    severity: 'info',
    summary: `rolls back run ${story.run}`,
    detail: `Each host goes to what it ran before that run${by}, to the exact store path: nothing is evaluated, built or copied. Waves, checks and settings are those of its plan, ${plan.planId}. The flake is unchanged: the next \`fleet plan\` would deploy it again.`,
  }
}

function nothing(run: string): Diagnostic {
  return diagnostic(
    'rollback/nothing',
    'nothing to roll back',
    `Run ${run} changed none of the selected hosts, or has rolled them back itself. \`fleet history ${run}\` shows what it did.`,
  )
}
