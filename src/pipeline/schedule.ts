import { isFailure } from '../model/event.ts'
import type { PlanBody, Wave } from '../model/plan-schema.ts'
import { plannedWave } from '../model/plan.ts'
import type { HostRun, RunState, WaveRun } from '../model/run.ts'

/** The next thing to do. The loop in `apply` does it; the events that follow change the state, and nothing else does. */
export type Move =
  | { readonly move: 'ask'; readonly wave: string }
  | { readonly move: 'open'; readonly wave: string }
  | { readonly move: 'prepare'; readonly host: string }
  | { readonly move: 'start'; readonly host: string }
  | { readonly move: 'cancel'; readonly host: string; readonly reason: string }
  | { readonly move: 'halt'; readonly wave: string; readonly reason: string }
  | { readonly move: 'bake'; readonly wave: string }
  | { readonly move: 'close'; readonly wave: string }
  | { readonly move: 'finish' }

/** What may happen now, why the rest waits, and when to ask again though nothing happened (ms since the epoch). */
export interface Schedule {
  readonly moves: readonly Move[]
  readonly waiting: readonly { readonly host: string; readonly reason: string }[]
  readonly wakeAt: number | null
}

/** Hosts of a wave that are observed, built and copied at once. */
const preparedAtOnce = 8

/**
 * Decides what may happen next, from the plan and from what has happened so far. Pure: same input, same answer.
 * `promoted` names the waves that need no question (asked already, or named on the command line).
 */
export function schedule(body: PlanBody, run: RunState, now: number, promoted: ReadonlySet<string>): Schedule {
  if (run.startedAt === null || run.finished !== null) return { moves: [], waiting: [], wakeAt: null }
  const stopped = stopReason(run)
  const current = run.waves.find((wave) => wave.phase !== 'finished' && wave.phase !== 'paused')
  if (stopped !== null) return stop(run, current, stopped)
  if (current === undefined) return only({ move: 'finish' })
  const wave = plannedWave(body, current.name)
  switch (current.phase) {
    case 'pending':
      return wave.promotion === 'manual' && !promoted.has(wave.name) && hasWork(body, current)
        ? only({ move: 'ask', wave: wave.name })
        : only({ move: 'open', wave: wave.name })
    case 'open':
      return proceed(body, run, wave, current, now)
    case 'baking':
      return bake(wave, current, now)
    case 'paused':
    case 'finished':
      throw new Error(`bug: wave ${current.name} is over`)
  }
}

/** Why nothing new may start in this run, or null. */
function stopReason(run: RunState): string | null {
  if (run.interruptions > 0) return 'the run was interrupted'
  const halted = run.waves.find((wave) => wave.phase === 'finished' && wave.halted !== null)
  if (halted !== undefined) return `wave ${halted.name} halted: ${halted.halted}`
  const paused = run.waves.find((wave) => wave.phase === 'paused')
  return paused === undefined ? null : `the run is paused before wave ${paused.name}`
}

/** Starts nothing new, waits for what is in flight, then ends. */
function stop(run: RunState, current: WaveRun | undefined, reason: string): Schedule {
  const open = [...run.hosts.values()].filter((host) => host.phase !== 'ended')
  const cancellable = open.filter((host) => host.phase === 'pending' || host.phase === 'prepared')
  if (cancellable.length > 0) return { ...idle, moves: cancellable.map((host) => cancel(host, reason)) }
  if (open.length > 0) return idle
  const mustClose = current !== undefined && (current.phase === 'open' || current.phase === 'baking')
  return only(mustClose ? { move: 'close', wave: current.name } : { move: 'finish' })
}

function proceed(body: PlanBody, run: RunState, wave: Wave, current: WaveRun, now: number): Schedule {
  const open = current.hosts.filter((host) => host.phase !== 'ended')
  if (current.halted === null) {
    const reason = haltReason(wave, current, now)
    if (reason !== null) return only({ move: 'halt', wave: wave.name, reason })
  } else {
    const waiting = open.filter((host) => host.phase === 'pending' || host.phase === 'prepared')
    if (waiting.length > 0)
      return { ...idle, moves: waiting.map((host) => cancel(host, `wave ${wave.name} halted: ${current.halted}`)) }
  }
  if (open.length === 0) return only(afterLast(wave, current))
  if (current.halted !== null) return idle
  const wakeAt = (current.progressAt ?? now) + wave.progressDeadlineMs
  const unprepared = open.filter((host) => host.phase === 'pending' || host.phase === 'preparing')
  if (unprepared.length > 0) return { ...prepare(wave, open), wakeAt }
  return { ...admit(body, run, wave, current), wakeAt }
}

function haltReason(wave: Wave, current: WaveRun, now: number): string | null {
  if (current.failures > wave.maxFailures)
    return `${current.failures} ${current.failures === 1 ? 'failure' : 'failures'}, ${wave.maxFailures} allowed`
  const lost = current.hosts.find(
    ({ ending }) => ending?.type === 'host.failed' && ending.code.startsWith('roll-back/'),
  )
  if (lost !== undefined) return `${lost.host} could not be taken back to a healthy system`
  const waited = now - (current.progressAt ?? now)
  const isOpen = current.hosts.some((host) => host.phase !== 'ended')
  return isOpen && waited >= wave.progressDeadlineMs
    ? `no host became healthy within ${Math.round(wave.progressDeadlineMs / 1000)} s (progressDeadline)`
    : null
}

function afterLast(wave: Wave, current: WaveRun): Move {
  const changed = current.hosts.some(({ ending }) => ending?.type === 'host.succeeded')
  const bakes = wave.bakeTimeMs > 0 && changed && current.halted === null
  return { move: bakes ? 'bake' : 'close', wave: wave.name }
}

function bake(wave: Wave, current: WaveRun, now: number): Schedule {
  const until = (current.bakingAt ?? now) + wave.bakeTimeMs
  return now >= until ? only({ move: 'close', wave: wave.name }) : { ...idle, wakeAt: until }
}

/** Everything of the wave is observed, built and copied before its first activation. */
function prepare(wave: Wave, open: readonly HostRun[]): Schedule {
  const busy = open.filter((host) => host.phase === 'preparing').length
  const pending = open.filter((host) => host.phase === 'pending')
  const next = pending.slice(0, Math.max(0, preparedAtOnce - busy))
  const prepared = open.filter((host) => host.phase === 'prepared')
  return {
    moves: next.map(({ host }) => ({ move: 'prepare', host })),
    waiting: prepared.map(({ host }) => ({ host, reason: `until every host of wave ${wave.name} is prepared` })),
    wakeAt: null,
  }
}

function admit(body: PlanBody, run: RunState, wave: Wave, current: WaveRun): Schedule {
  const moves: Move[] = []
  const waiting: { host: string; reason: string }[] = []
  const flying = new Set(current.hosts.filter((host) => host.phase === 'in-flight').map(({ host }) => host))
  const trouble = troubleReason(wave, current)
  for (const host of current.hosts) {
    if (host.phase !== 'prepared') continue
    const orphaned = failedDependency(body, run, host.host)
    const reason = orphaned ?? trouble ?? blockReason(body, run, wave, current, host.host, flying)
    if (orphaned !== null) moves.push(cancel(host, orphaned))
    else if (reason !== null) waiting.push({ host: host.host, reason })
    else {
      moves.push({ move: 'start', host: host.host })
      flying.add(host.host)
    }
  }
  if (moves.length === 0 && flying.size === 0) {
    const reason = waiting.map(({ host, reason: why }) => `${host}: ${why}`).join('; ')
    return only({ move: 'halt', wave: wave.name, reason: `nothing can start (${reason})` })
  }
  return { moves, waiting, wakeAt: null }
}

/** A host that is being rolled back has failed already, though it has no ending yet: the first sign of trouble counts. */
function troubleReason(wave: Wave, current: WaveRun): string | null {
  const troubled = current.hosts.filter(({ phase, step }) => phase === 'in-flight' && step === 'roll-back')
  const [first] = troubled
  return first !== undefined && current.failures + troubled.length > wave.maxFailures
    ? `waiting for ${first.host}, which is being rolled back`
    : null
}

function failedDependency(body: PlanBody, run: RunState, name: string): string | null {
  for (const dependency of dependenciesOf(body, run, name)) {
    const ending = run.hosts.get(dependency)?.ending
    if (ending !== undefined && ending !== null && (isFailure(ending) || ending.type === 'host.cancelled'))
      return `depends on ${dependency}, which did not succeed`
  }
  return null
}

/** Why a prepared host may not start yet, in words; null: it may. */
function blockReason(
  body: PlanBody,
  run: RunState,
  wave: Wave,
  current: WaveRun,
  name: string,
  flying: ReadonlySet<string>,
): string | null {
  const dependency = dependenciesOf(body, run, name).find((other) => run.hosts.get(other)?.phase !== 'ended')
  if (dependency !== undefined) return `waiting for ${dependency}`
  const batch = batchReason(wave, current, name)
  if (batch !== null) return batch
  if (flying.size >= wave.maxParallel) return `${flying.size} of ${wave.maxParallel} in flight`
  return groupReason(body, run, name, flying)
}

/** Dependencies outside the selection bind nothing: the run says so when it begins. */
function dependenciesOf(body: PlanBody, run: RunState, name: string): readonly string[] {
  return (body.hosts[name]?.settings.dependsOn ?? []).filter((host) => run.hosts.has(host))
}

function batchReason(wave: Wave, current: WaveRun, name: string): string | null {
  const index = current.hosts.findIndex(({ host }) => host === name)
  const number = wave.batches.findIndex((end) => current.hosts.slice(0, end).some((host) => host.phase !== 'ended'))
  const end = wave.batches[number]
  return end === undefined || index < end ? null : `waiting for batch ${number + 1} of ${wave.batches.length}`
}

/** Members that are down count against a group's limit whichever wave they are in. */
function groupReason(body: PlanBody, run: RunState, name: string, flying: ReadonlySet<string>): string | null {
  for (const [group, { hosts, maxUnavailable }] of Object.entries(body.groups)) {
    if (maxUnavailable === null || !hosts.includes(name)) continue
    const inFlight = hosts.filter((host) => flying.has(host) || run.hosts.get(host)?.phase === 'in-flight').length
    const down = hosts.filter((host) => host !== name && isDown(body, run, host)).length
    if (inFlight + down < maxUnavailable) continue
    return `@${group}: ${inFlight + down} of ${maxUnavailable} ${down === 0 ? 'in flight' : 'down or in flight'}`
  }
  return null
}

function isDown(body: PlanBody, run: RunState, host: string): boolean {
  const ending = run.hosts.get(host)?.ending
  if (ending === undefined || ending === null) return body.hosts[host]?.action === 'unreachable'
  switch (ending.type) {
    case 'host.failed':
      return ending.touched
    case 'host.unknown':
      return true
    case 'host.skipped':
      return ending.cause === 'unreachable'
    case 'host.succeeded':
    case 'host.stale':
    case 'host.rolled-back':
    case 'host.cancelled':
      return false
  }
}

/** True when some host of the wave is to be changed. */
function hasWork(body: PlanBody, wave: WaveRun): boolean {
  return wave.hosts.some(({ host }) => body.hosts[host]?.action === 'change')
}

const idle: Schedule = { moves: [], waiting: [], wakeAt: null }

function only(move: Move): Schedule {
  return { ...idle, moves: [move] }
}

function cancel({ host }: HostRun, reason: string): Move {
  return { move: 'cancel', host, reason }
}
