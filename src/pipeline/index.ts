import pLimit from 'p-limit'
import { type Diagnostic, diagnostic, type Outcome } from '../model/diagnostic.ts'
import type { Fleet } from '../model/fleet.ts'
import type { HostPlan, Note, Plan } from '../model/plan-schema.ts'
import type { Evaluation, Found, Observation } from '../model/system.ts'
import type { Clock } from '../ports/clock.ts'
import type { Nix } from '../ports/nix.ts'
import type { Remote } from '../ports/remote.ts'
import { changeHost, excludedHost } from './change.ts'
import { evaluateHosts } from './evaluate.ts'
import { observe } from './observe.ts'
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
  readonly onProgress: (progress: PlanProgress) => void
}

/** How far planning is, in hosts. */
export interface PlanProgress {
  readonly evaluated: number
  readonly observed: number
  readonly total: number
}

export interface PlanPorts {
  readonly nix: Nix
  readonly remote: Remote
  readonly clock: Clock
}

/** Lock, evaluate and observe side by side, differ, present: the plan of a fleet. Nothing is changed anywhere. */
export async function planFleet(request: PlanRequest, ports: PlanPorts, signal: AbortSignal): Promise<Outcome<Plan>> {
  const { fleet, selected, parallelism, version, operator } = request
  const hosts = fleet.hosts.filter(({ name }) => selected.has(name))
  const progress = counter(request, hosts.length)
  // Hosts are asked from the start: locking takes a while where the source is far away.
  const observing = observeHosts(fleet, selected, parallelism.remote, ports.remote, progress.observed, signal)
  const locked = await ports.nix.lock(fleet.flake, fleet.directory, signal)
  if (!locked.ok) {
    await observing
    return { ok: false, diagnostics: [sourceProblem(fleet, locked.failure)] }
  }
  const source = locked.value
  const evaluations = await evaluateHosts(
    { fleet, hosts, source, parallelism: parallelism.nix, onHost: progress.evaluated },
    ports.nix,
    signal,
  )
  const observations = await observing
  const createdAt = new Date(ports.clock.now()).toISOString()
  const changes = changesOf(fleet, selected, evaluations, observations)
  const notes: Note[] = source.dirty ? [dirtyNote] : []
  const plan = makePlan({ fleet, source, hosts: changes, notes, version, createdAt, createdBy: operator })
  return { ok: true, value: plan, diagnostics: [] }
}

const dirtyNote: Note = {
  code: 'plan/dirty',
  severity: 'warning',
  summary: 'made from a dirty tree',
  detail: 'The working tree holds changes that are not committed; the plan is pinned to a copy of it in the Nix store.',
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

/** What each selected host runs, or why it did not say; one session a host, `parallelism` at once. */
async function observeHosts(
  fleet: Fleet,
  selected: ReadonlySet<string>,
  parallelism: number,
  remote: Remote,
  onHost: () => void,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Found<Observation>>> {
  const limit = pLimit(parallelism)
  const found = await Promise.all(
    fleet.hosts
      .filter(({ name }) => selected.has(name))
      .map(({ name, settings }) =>
        limit(async () => {
          const observation = await observe({ name, settings, withRoot: false }, remote, signal)
          onHost()
          return [name, observation] as const
        }),
      ),
  )
  return new Map(found)
}

function changesOf(
  fleet: Fleet,
  selected: ReadonlySet<string>,
  evaluations: ReadonlyMap<string, Found<Evaluation>>,
  observations: ReadonlyMap<string, Found<Observation>>,
): Readonly<Record<string, HostPlan>> {
  const waveOf = new Map(fleet.waves.flatMap((wave) => wave.hosts.map((host) => [host, wave.name] as const)))
  const entries = fleet.hosts
    .filter(({ enabled }) => enabled)
    .map((host) => {
      const wave = waveOf.get(host.name)
      if (wave === undefined) throw new Error(`bug: enabled host ${host.name} is in no wave`)
      const [evaluation, observation] = [evaluations.get(host.name), observations.get(host.name)]
      return selected.has(host.name) && evaluation !== undefined && observation !== undefined
        ? ([host.name, changeHost(host, wave, { evaluation, observation })] as const)
        : ([host.name, excludedHost(host, wave, 'not selected')] as const)
    })
  return Object.fromEntries(entries)
}

function sourceProblem(
  fleet: Fleet,
  { code, summary, detail }: { code: string; summary: string; detail: string },
): Diagnostic {
  return diagnostic(code, summary, `flake ${fleet.flake}: ${detail}`)
}
