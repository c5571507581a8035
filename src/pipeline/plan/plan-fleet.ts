import { type Diagnostic, diagnostic, type Outcome } from '../../model/diagnostic.ts'
import type { Fleet, Host } from '../../model/fleet/fleet.ts'
import type { Failure, Note, Plan, Source } from '../../model/plan/plan-schema.ts'
import { maskCredentials } from '../../model/text/secret.ts'
import type { Status } from '../../model/host/status-schema.ts'
import type { Found, Observation } from '../../model/host/system.ts'
import type { CheckTypes } from '../../ports/check.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Nix } from '../../ports/nix.ts'
import type { Remote } from '../../ports/remote.ts'
import { buildHosts } from '../evaluate/build-hosts.ts'
import { baseNote, gatherer, evaluateBase, notAsked, observationsOfBase, sinceNote } from './base.ts'
import { changeHosts } from './plan-hosts.ts'
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
import { countProgress, type PlanProgress } from './progress.ts'
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
}

/** What the planned systems are compared with: what hosts run, another revision of the flake, or nothing at all. */
export type Against =
  | { readonly how: 'hosts' }
  /** What they ran when somebody asked them. */
  | { readonly how: 'observed'; readonly status: Status }
  | { readonly how: 'base'; readonly ref: string }
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

/** Lock, evaluate and observe side by side, differ, present: the plan of a fleet. Nothing is changed anywhere. */
export async function planFleet(request: PlanRequest, ports: PlanPorts, signal: AbortSignal): Promise<Outcome<Plan>> {
  const { fleet, selected, parallelism, version, operator, against } = request
  const hosts = fleet.hosts.filter(({ name }) => selected.has(name))
  const progress = countProgress(hosts.length, parallelism.nix, ports.clock, request.onProgress)
  const closures = reportingCache(ports.closures)
  // Hosts are asked from the start: locking takes a while where the source is far away.
  const observing = observationsFor(request, hosts, progress.observed, ports.remote, signal)
  const locked = await ports.nix.lock(fleet.flake, fleet.directory, signal)
  if (!locked.ok) {
    await observing
    return { ok: false, diagnostics: [sourceProblem(fleet, locked.failure)] }
  }
  const source = locked.value
  const sourceNotes = notesOfSource(source, fleet.directory, ports, signal)
  const evaluating = { fleet, hosts, parallelism: parallelism.nix, onHost: progress.evaluated }
  const evaluations = await evaluateHosts({ ...evaluating, source, onOpen: progress.expect }, ports.nix, signal)
  const { build } = request
  const built = build === null ? evaluations : await buildHosts({ evaluations, ...build }, ports.nix, signal)
  const ref = against.how === 'base' ? against.ref : request.since
  const other = ref === null ? null : await evaluateBase({ ...evaluating, ref }, ports, signal)
  if (other?.ok === false) return { ok: false, diagnostics: [sourceProblem(fleet, other.failure)] }
  const base = against.how === 'base' ? (other?.value ?? null) : null
  const observations = base === null ? await observing : observationsOfBase(hosts, base)
  const sides = { evaluations: built, observations }
  const asking = { ...ports, closures: closures.cache, remote: against.how === 'hosts' ? ports.remote : null }
  const differences = await compareHosts(hosts, sides, parallelism.remote, gatherer(base, asking, signal))
  const drift = base === null ? await findDrift(fleet.directory, source, observations, ports, signal) : new Map()
  const since = sinceRevision(source, other?.value.base.rev ?? null, observations)
  const changed = since === null ? [] : await changesSince(since, source, fleet.directory, ports.checkout, signal)
  const warnings = sharedWarnings(built)
  const found = changeHosts(fleet, selected, { ...sides, differences, drift, warnings: warnings.own })
  const checking = { hosts: found, checks: fleet.checks, parallelism: parallelism.remote }
  const changes = against.how === 'hosts' ? await checkPlanned(checking, ports, signal) : found
  const notes = [
    ...(base === null ? [] : [baseNote(base)]),
    ...(against.how === 'observed' ? [observedNote(against.status)] : []),
    ...(base === null && other !== null ? [sinceNote(other.value, built)] : []),
    ...changed,
    ...(await sourceNotes),
    ...warnings.notes,
  ]
  const createdAt = new Date(ports.clock.now()).toISOString()
  const plan = makePlan({
    fleet,
    source,
    base: base?.base ?? null,
    since: base === null ? (other?.value.base ?? null) : null,
    observedAt: against.how === 'observed' ? against.status.observedAt : null,
    hosts: changes,
    notes,
    version,
    createdAt,
    createdBy: operator,
  })
  return { ok: true, value: plan, diagnostics: closures.problems() }
}

/** A source whose evaluations may be kept has a complete lock file: then Nix is not asked again. */
async function notesOfSource(
  source: Source,
  directory: string,
  { nix, checkout }: Pick<PlanPorts, 'nix' | 'checkout'>,
  signal: AbortSignal,
): Promise<readonly Note[]> {
  const identity = await nix.pool?.identify(source, signal)
  return checkout.notes(source, directory, signal, identity?.key != null)
}

/** What each host runs, from whoever is to tell it. */
async function observationsFor(
  { against, parallelism }: PlanRequest,
  hosts: readonly Host[],
  onHost: () => void,
  remote: Remote,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Found<Observation>>> {
  if (against.how === 'observed') return observationsOf(hosts, against.status)
  if (against.how !== 'hosts') return notAsked(hosts)
  return observeHosts({ hosts, parallelism: parallelism.remote, detail: 'contents', onHost }, remote, signal)
}

function sourceProblem(fleet: Fleet, { code, summary, detail }: Failure): Diagnostic {
  return diagnostic(code, summary, `flake ${maskCredentials(fleet.flake)}: ${detail}`)
}
