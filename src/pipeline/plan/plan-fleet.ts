import { setMaxListeners } from 'node:events'
import { type Diagnostic, diagnostic, type Outcome } from '../../model/diagnostic.ts'
import type { Fleet, Host } from '../../model/fleet/fleet.ts'
import type { Failure, HostPlan, Note, Plan, RanBefore, Source } from '../../model/plan/plan-schema.ts'
import { runsHere, type RunsThere } from '../../model/fleet/runs-here.ts'
import { sourceName } from '../../model/fleet/file-reference.ts'
import type { Status } from '../../model/host/status-schema.ts'
import type { Evaluation, Found, Observation } from '../../model/host/system.ts'
import type { CheckTypes } from '../../ports/check.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Nix } from '../../ports/nix.ts'
import type { Remote } from '../../ports/remote.ts'
import { buildHosts } from '../evaluate/build-hosts.ts'
import {
  baseNote,
  type EvaluatedBase,
  gatherer,
  evaluateBase,
  lockBase,
  type LockedBase,
  notAsked,
  observationsOfBase,
  sealNote,
  sinceNote,
} from './base.ts'
import { planHosts } from './plan-hosts.ts'
import { checkPlanned } from './check-planned.ts'
import { compareHosts } from '../compare/compare-hosts.ts'
import type { GatherPorts } from '../compare/gather/gather-host.ts'
import { evaluateHosts } from '../evaluate/evaluate.ts'
import { sharedWarnings } from '../evaluate/shared-warnings.ts'
import { type DriftPorts, findDrift } from './find-drift.ts'
import { changesSince, sinceRevision } from './input-notes.ts'
import { reportingCache } from '../compare/gather/reporting-cache.ts'
import { observeHosts } from '../observe/observe-hosts.ts'
import { observationsOf, observedNote } from '../observe/saved.ts'
import { countProgress, type PlanProgress, type ProgressCounter } from './progress.ts'
import { makePlan } from './sign.ts'

export interface PlanRequest {
  readonly fleet: Fleet
  /** Names of the hosts to plan; the others are in the plan as excluded. */
  readonly selected: ReadonlySet<string>
  /** Hosts asked at once, and Nix processes at once. */
  readonly parallelism: { readonly remote: number; readonly nix: number }
  /** Version of fleet, and user@machine. */
  readonly version: string
  readonly operator: string
  readonly against: Against
  /** Tell also what changed since this revision of the flake; null: since what the hosts run. */
  readonly since: string | null
  /** Build every system first, so that the comparison is exact; null: work out what building would make. */
  readonly build: Building | null
  readonly onProgress: (progress: PlanProgress) => void
  /** Another fleet.yaml, or another plan, whose programs on this machine are compared with those of the plan; null: none. */
  readonly before: Before | null
}

/** Where what ran before is from, in words, and what says it. */
export interface Before {
  readonly of: string
  readonly there: RunsThere
}

/** What the planned systems are compared with: what hosts run, another revision of the flake, or nothing at all. */
export type Against =
  | { readonly how: 'hosts' }
  /** What they ran when somebody asked them. */
  | { readonly how: 'observed'; readonly status: Status }
  /** As a flake of strangers, which may build while it is evaluated where that is allowed. */
  | { readonly how: 'base'; readonly ref: string; readonly importFromDerivation: boolean }
  | { readonly how: 'nothing' }

/** How systems are built for a plan. */
export interface Building {
  /** Where a host's garbage-collector root is put, an absolute path. */
  readonly rootOf: (host: string) => string
  readonly onLine: (host: string, line: string) => void
}

export interface PlanPorts extends GatherPorts, DriftPorts {
  readonly nix: Nix
  readonly remote: Remote
  readonly clock: Clock
  readonly checkTypes: CheckTypes
}

/** One planning: what was asked for, and what its stages share. */
interface Planning {
  readonly request: PlanRequest
  readonly ports: PlanPorts
  readonly signal: AbortSignal
  /** The selected ones. */
  readonly hosts: readonly Host[]
  readonly progress: ProgressCounter
}

/**
 * The plan of a fleet, in five stages: lock the source, evaluate, observe, compare, sign. Nothing is changed anywhere.
 * Observing runs beside the first two.
 */
export async function planFleet(request: PlanRequest, ports: PlanPorts, signal: AbortSignal): Promise<Outcome<Plan>> {
  const { fleet, selected, parallelism, onProgress } = request
  const closures = reportingCache(ports.closures)
  const hosts = fleet.hosts.filter(({ name }) => selected.has(name))
  const progress = countProgress(hosts.length, parallelism.nix, ports.clock, onProgress)
  const planning: Planning = { request, ports: { ...ports, closures: closures.cache }, signal, hosts, progress }
  // Hosts are contacted from the start: locking takes a while where the source is far away.
  const needless = new AbortController()
  const observing = observe({ ...planning, signal: heardByAll(signal, needless.signal) })
  const sources = await lock(planning)
  if (!sources.ok) {
    // Nobody waits for a host that is silent, to be told that the flake is broken.
    needless.abort()
    await observing
    return sources
  }
  const { source } = sources.value
  const sourceNotes = notesOfSource(planning, source)
  const evaluated = await evaluate(planning, sources.value)
  const observations = observedOrBase(planning, evaluated, await observing)
  const compared = await compare(planning, evaluated, observations)
  const plan = sign(planning, evaluated, { ...compared, sourceNotes: await sourceNotes })
  return { ok: true, value: plan, diagnostics: closures.problems() }
}

/** A signal that fires with either, and that every host may listen to. */
function heardByAll(...signals: readonly AbortSignal[]): AbortSignal {
  const either = AbortSignal.any([...signals])
  setMaxListeners(0, either)
  return either
}

/** The planned revision, and the one that was asked for beside it. */
interface Sources {
  readonly source: Source
  readonly other: LockedBase | null
}

async function lock({ request, ports, signal }: Planning): Promise<Outcome<Sources>> {
  const { fleet, against, since } = request
  const refused = (failure: Failure) => ({ ok: false, diagnostics: [sourceProblem(fleet, failure)] }) as const
  const locked = await ports.nix.lock(fleet.flake, fleet.directory, signal)
  if (!locked.ok) return refused(locked.failure)
  const ref = against.how === 'base' ? against.ref : since
  const other = ref === null ? null : await lockBase(ref, fleet, ports, signal)
  if (other?.ok === false) return refused(other.failure)
  return { ok: true, value: { source: locked.value, other: other?.value ?? null }, diagnostics: [] }
}

/** What the flake says, at the planned revision and at the one that was asked for beside it. */
interface Evaluated {
  readonly source: Source
  /** The systems that the hosts should run, built where that was asked for. */
  readonly evaluations: ReadonlyMap<string, Found<Evaluation>>
  /** Stands for what the hosts run; null: they tell it themselves, or nothing does. */
  readonly base: EvaluatedBase | null
  /** Another revision that the notes tell the changes since; null: none. */
  readonly since: EvaluatedBase | null
}

async function evaluate(
  { request, ports, signal, hosts, progress }: Planning,
  { source, other }: Sources,
): Promise<Evaluated> {
  const { fleet, parallelism, build, against } = request
  const evaluating = { fleet, hosts, parallelism: parallelism.nix, onHost: progress.evaluated }
  const found = await evaluateHosts({ ...evaluating, source, onOpen: progress.expect }, ports.nix, signal)
  const evaluations = build === null ? found : await buildHosts({ evaluations: found, ...build }, ports.nix, signal)
  const beside = other === null ? null : await evaluateBase(other, evaluating, ports.nix, signal)
  const [base, since] = against.how === 'base' ? [beside, null] : [null, beside]
  return { source, evaluations, base, since }
}

/** What each host runs, from whoever is to tell it. */
async function observe({ request, ports, signal, hosts, progress }: Planning): Promise<Observations> {
  const { against, parallelism } = request
  if (against.how === 'observed') return observationsOf(hosts, against.status)
  if (against.how !== 'hosts') return notAsked(hosts)
  const asking = { hosts, parallelism: parallelism.remote, detail: 'contents', onHost: progress.observed } as const
  return observeHosts(asking, ports.remote, signal)
}

type Observations = ReadonlyMap<string, Found<Observation>>

function observedOrBase({ hosts }: Planning, { base }: Evaluated, observed: Observations): Observations {
  return base === null ? observed : observationsOfBase(hosts, base)
}

/** What comparing found out: an entry of the plan for each host, and notes on what changed in the source. */
interface Compared {
  readonly hosts: Readonly<Record<string, HostPlan>>
  readonly changes: readonly Note[]
}

async function compare(planning: Planning, evaluated: Evaluated, observations: Observations): Promise<Compared> {
  const { request, ports, signal, hosts } = planning
  const { fleet, selected, parallelism, against } = request
  const { source, evaluations, base, since } = evaluated
  const sides = { evaluations, observations }
  const gather = gatherer(base, { ...ports, remote: against.how === 'hosts' ? ports.remote : null }, signal)
  const differences = await compareHosts(hosts, sides, parallelism.remote, gather)
  const { directory } = fleet
  const drift = base === null ? await findDrift({ directory, source, observations }, ports, signal) : new Map()
  const revision = sinceRevision(source, (base ?? since)?.base.rev ?? null, observations)
  const changes =
    revision === null ? [] : await changesSince({ since: revision, source, directory }, ports.checkout, signal)
  const warnings = sharedWarnings(evaluations).own
  const planned = planHosts(fleet, selected, { ...sides, differences, drift, warnings })
  if (against.how !== 'hosts') return { hosts: planned, changes }
  const checking = { hosts: planned, checks: fleet.checks, parallelism: parallelism.remote }
  return { hosts: await checkPlanned(checking, ports, signal), changes }
}

function sign(
  { request, ports }: Planning,
  { source, evaluations, base, since }: Evaluated,
  { hosts, changes, sourceNotes }: Compared & { readonly sourceNotes: readonly Note[] },
): Plan {
  const { fleet, version, operator, against } = request
  const notes = [
    ...(base === null ? [] : [baseNote(base)]),
    ...(against.how === 'base' ? [sealNote(against.importFromDerivation)] : []),
    ...(against.how === 'observed' ? [observedNote(against.status)] : []),
    ...(since === null ? [] : [sinceNote(since, evaluations)]),
    ...changes,
    ...sourceNotes,
    ...sharedWarnings(evaluations).notes,
  ]
  return makePlan({
    fleet,
    source,
    base: base?.base ?? null,
    since: since?.base ?? null,
    observedAt: against.how === 'observed' ? against.status.observedAt : null,
    ranBefore: ranBefore(request.before, base ?? since),
    hosts,
    notes,
    version,
    createdAt: new Date(ports.clock.now()).toISOString(),
    createdBy: operator,
  })
}

/** What ran before, with what the flake of the other revision says of ssh where that was evaluated. */
function ranBefore(before: Before | null, other: EvaluatedBase | null): RanBefore | null {
  if (before === null) return null
  const { of, there } = before
  const hosts = Object.entries(there.hosts).map(([name, host]) => {
    const found = other?.evaluations.get(name)
    return [name, found?.ok === true ? { ...host, to: found.value } : host] as const
  })
  return { of, entries: runsHere({ ...there, hosts: Object.fromEntries(hosts) }) }
}

/** A source whose evaluations may be kept has a complete lock file: then Nix is not asked again. */
async function notesOfSource({ request, ports, signal }: Planning, source: Source): Promise<readonly Note[]> {
  const identity = await ports.nix.pool?.identify(source, signal)
  return ports.checkout.notes(source, request.fleet.directory, signal, identity?.key != null)
}

function sourceProblem(fleet: Fleet, { code, summary, detail }: Failure): Diagnostic {
  return diagnostic(code, summary, `${sourceName(fleet.flake)}: ${detail}`)
}
