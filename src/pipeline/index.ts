import { type Diagnostic, diagnostic, type Outcome } from '../model/diagnostic.ts'
import type { Fleet } from '../model/fleet.ts'
import type { Failure, Plan } from '../model/plan-schema.ts'
import type { Clock } from '../ports/clock.ts'
import type { Nix } from '../ports/nix.ts'
import type { Remote } from '../ports/remote.ts'
import { buildHosts } from './build-hosts.ts'
import { baseNote, comparer, evaluateBase, notAsked, observationsOfBase } from './base.ts'
import { changeHosts } from './change-hosts.ts'
import { compareHosts } from './compare-hosts.ts'
import type { ComparePorts } from './compare.ts'
import { evaluateHosts } from './evaluate.ts'
import { sharedWarnings } from './evaluate/shared-warnings.ts'
import { type DriftPorts, findDrift } from './find-drift.ts'
import { changesSince, sinceRevision } from './input-notes.ts'
import { observeHosts } from './observe-hosts.ts'
import { makePlan } from './plan.ts'

export { apply as applyPlan } from './apply.ts'

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
  /** Build every system first, so that the comparison is exact; null: work out what building would make. */
  readonly build: Building | null
  readonly onProgress: (progress: PlanProgress) => void
}

/** What the planned systems are compared with: what hosts run, another revision of the flake, or nothing at all. */
export type Against =
  | { readonly how: 'hosts' }
  | { readonly how: 'base'; readonly ref: string }
  | { readonly how: 'nothing' }

/** How systems are built for a plan. */
export interface Building {
  /** Where a host's garbage-collector root is put, an absolute path. */
  readonly rootOf: (host: string) => string
  readonly onLine: (host: string, line: string) => void
}

/** How far planning is, in hosts. */
export interface PlanProgress {
  readonly evaluated: number
  readonly observed: number
  readonly total: number
}

export interface PlanPorts extends ComparePorts, DriftPorts {
  readonly nix: Nix
  readonly remote: Remote
  readonly clock: Clock
}

/** Lock, evaluate and observe side by side, differ, present: the plan of a fleet. Nothing is changed anywhere. */
export async function planFleet(request: PlanRequest, ports: PlanPorts, signal: AbortSignal): Promise<Outcome<Plan>> {
  const { fleet, selected, parallelism, version, operator, against } = request
  const hosts = fleet.hosts.filter(({ name }) => selected.has(name))
  const progress = counter(request, hosts.length)
  // Hosts are asked from the start: locking takes a while where the source is far away.
  const observing =
    against.how === 'hosts'
      ? observeHosts(hosts, parallelism.remote, ports.remote, progress.observed, signal)
      : Promise.resolve(notAsked(hosts))
  const locked = await ports.nix.lock(fleet.flake, fleet.directory, signal)
  if (!locked.ok) {
    await observing
    return { ok: false, diagnostics: [sourceProblem(fleet, locked.failure)] }
  }
  const source = locked.value
  const sourceNotes = ports.checkout.notes(source, fleet.directory, signal)
  const evaluating = { fleet, hosts, parallelism: parallelism.nix, onHost: progress.evaluated }
  const evaluations = await evaluateHosts({ ...evaluating, source }, ports.nix, signal)
  const { build } = request
  const built = build === null ? evaluations : await buildHosts({ evaluations, ...build }, ports.nix, signal)
  const base = against.how === 'base' ? await evaluateBase({ ...evaluating, ref: against.ref }, ports, signal) : null
  if (base?.ok === false) return { ok: false, diagnostics: [sourceProblem(fleet, base.failure)] }
  const observations = base === null ? await observing : observationsOfBase(hosts, base.value)
  const sides = { evaluations: built, observations }
  const differences = await compareHosts(hosts, sides, parallelism.remote, comparer(base?.value ?? null, ports, signal))
  const drift = base === null ? await findDrift(fleet.directory, source, observations, ports, signal) : new Map()
  const since = sinceRevision(source, base?.value.base.rev ?? null, observations)
  const changed = since === null ? [] : await changesSince(since, source, fleet.directory, ports.checkout, signal)
  const warnings = sharedWarnings(built)
  const changes = changeHosts(fleet, selected, { ...sides, differences, drift, warnings: warnings.own })
  const notes = [
    ...(base === null ? [] : [baseNote(base.value)]),
    ...changed,
    ...(await sourceNotes),
    ...warnings.notes,
  ]
  const createdAt = new Date(ports.clock.now()).toISOString()
  const plan = makePlan({
    fleet,
    source,
    base: base?.value.base ?? null,
    hosts: changes,
    notes,
    version,
    createdAt,
    createdBy: operator,
  })
  return { ok: true, value: plan, diagnostics: [] }
}

function counter({ onProgress }: PlanRequest, total: number) {
  let [evaluated, observed] = [0, 0]
  const tell = () => onProgress({ evaluated, observed, total })
  return {
    evaluated: () => {
      evaluated += 1
      tell()
    },
    observed: () => {
      observed += 1
      tell()
    },
  }
}

function sourceProblem(fleet: Fleet, { code, summary, detail }: Failure): Diagnostic {
  return diagnostic(code, summary, `flake ${fleet.flake}: ${detail}`)
}
