import { isFailure } from '../../model/run/event.ts'
import type { PlanBody, Wave } from '../../model/plan/plan-schema.ts'
import type { HostRun, RunState, WaveRun } from '../../model/run/run.ts'
import { groupReason, type Limits, limitsOf } from './limits.ts'
import { idle, type Move, only, type Schedule, type Turn, type Waiting } from './move.ts'

/** Hosts of a wave that are observed, built and copied at once. */
const preparedAtOnce = 8

/** Everything of the wave is observed, built and copied before its first activation. */
export function prepare({ wave, current }: Turn): Schedule {
  const { hosts, count, silent, next } = current
  const room = Math.min(preparedAtOnce - count.preparing, count.pending)
  if (room <= 0 && silent.size === 0) return idle
  const moves: Move[] = []
  const forTurn = `until other hosts of wave ${wave.name} are prepared, ${preparedAtOnce} at a time`
  const forOthers = `until every host of wave ${wave.name} is prepared`
  // Only places that may matter are looked at: a wave may hold thousands of hosts, and asks after each event.
  const chosen = new Set<HostRun>()
  for (let place = next.pending; chosen.size < room && place < hosts.length; place += 1) {
    const host = hosts[place]
    if (host?.phase === 'pending') chosen.add(host)
  }
  for (const { host } of chosen) moves.push({ move: 'prepare', host })
  const waiting = [...silent].flatMap((host): readonly Waiting[] =>
    chosen.has(host) ? [] : [{ host: host.host, reason: host.phase === 'pending' ? forTurn : forOthers }],
  )
  return { moves, waiting, wakeAt: null }
}

/** Starts prepared hosts as far as every limit allows, and says of the others which one forbids it. */
export function admit(body: PlanBody, run: RunState, { wave, current }: Turn): Schedule {
  const limits = limitsOf(wave, run)
  const moves: Move[] = []
  const blocked: Waiting[] = []
  const waiting: Waiting[] = []
  const flying = new Set(run.flying)
  const shared = troubleReason(run, limits, current)
  const batch = openBatch(wave, current)
  const dependent = dependentHosts(body)
  const full = `${limits.maxParallel} of ${limits.maxParallel} in flight`
  for (let index = current.next.open; index < current.hosts.length; index += 1) {
    const host = current.hosts[index]
    if (host?.phase !== 'prepared') continue
    const depends = dependent.has(host.host)
    const orphaned = depends ? failedDependency(body, run, host.host) : null
    if (orphaned !== null) {
      moves.push({ move: 'cancel', host: host.host, reason: orphaned })
      continue
    }
    const reason =
      shared ??
      (depends ? dependencyReason(body, run, host.host) : null) ??
      (index < batch.end ? null : batch.reason) ??
      (flying.size < limits.maxParallel ? null : full) ??
      groupReason(body, run, host.host, flying)
    if (reason === null) {
      moves.push({ move: 'start', host: host.host })
      flying.add(host.host)
      continue
    }
    // Nothing more may start, and what is true of this host has been said: so it has of those behind it.
    if (reason === full && host.waiting === reason) break
    if (blocked.length < 6) blocked.push({ host: host.host, reason })
    if (host.waiting !== reason) waiting.push({ host: host.host, reason })
  }
  if (moves.length === 0 && flying.size === 0 && blocked.length > 0) return only(stuck(wave, current, blocked))
  return { moves, waiting, wakeAt: null }
}

function stuck(wave: Wave, { count }: WaveRun, blocked: readonly Waiting[]): Move {
  const named = blocked.slice(0, 5).map(({ host, reason }) => `${host}: ${reason}`)
  const more = blocked.length > 5 ? [`and ${count.prepared - 5} more`] : []
  return { move: 'halt', wave: wave.name, reason: `nothing can start (${[...named, ...more].join('; ')})` }
}

/** A host that is being rolled back has failed already, though it has no ending yet: the first sign of trouble counts. */
function troubleReason(run: RunState, { maxFailures }: Limits, current: WaveRun): string | null {
  const flying = [...run.flying].flatMap((name): readonly HostRun[] => {
    const host = run.hosts.get(name)
    return host === undefined ? [] : [host]
  })
  const troubled = flying.filter(({ step }) => step === 'roll-back')
  const [first] = troubled
  if (first !== undefined && current.failures + troubled.length > maxFailures)
    return `waiting for ${first.host}, which is being rolled back`
  return current.inconclusive === 0 ? null : `wave ${current.name} pauses: health unknown`
}

function failedDependency(body: PlanBody, run: RunState, name: string): string | null {
  for (const dependency of dependenciesOf(body, run, name)) {
    const ending = run.hosts.get(dependency)?.ending ?? null
    if (ending !== null && (isFailure(ending) || ending.type === 'host.cancelled'))
      return `depends on ${dependency}, which did not succeed`
  }
  return null
}

function dependencyReason(body: PlanBody, run: RunState, name: string): string | null {
  const dependency = dependenciesOf(body, run, name).find((other) => run.hosts.get(other)?.phase !== 'ended')
  return dependency === undefined ? null : `waiting for ${dependency}`
}

const dependentsOfPlan = new WeakMap<PlanBody, ReadonlySet<string>>()

/** Hosts that depend on others: most fleets have few. Worked out once for a plan. */
function dependentHosts(body: PlanBody): ReadonlySet<string> {
  const known = dependentsOfPlan.get(body)
  if (known !== undefined) return known
  const names = Object.entries(body.hosts).filter(([, { settings }]) => settings.dependsOn.length > 0)
  const found = new Set(names.map(([name]) => name))
  dependentsOfPlan.set(body, found)
  return found
}

/** Dependencies outside the selection bind nothing: the run says so when it begins. */
function dependenciesOf(body: PlanBody, run: RunState, name: string): readonly string[] {
  return (body.hosts[name]?.settings.dependsOn ?? []).filter((host) => run.hosts.has(host))
}

/** Hosts up to `end` are in batches that may start. */
function openBatch({ batches }: Wave, { hosts }: WaveRun): { readonly end: number; readonly reason: string } {
  const firstOpen = hosts.findIndex(({ phase }) => phase !== 'ended')
  const number = batches.findIndex((end) => firstOpen < end)
  const end = batches[number] ?? hosts.length
  return { end, reason: `waiting for batch ${number + 1} of ${batches.length}` }
}
