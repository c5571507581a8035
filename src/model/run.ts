import { type Ending, isFailure } from './event.ts'
import type { Counts, Event, HostStep, RunFinished, SelectedWave } from './event-schema.ts'

/** Where one selected host stands. Times are milliseconds since the epoch. */
export interface HostRun {
  readonly host: string
  readonly wave: string
  phase: 'pending' | 'preparing' | 'prepared' | 'in-flight' | 'ended'
  /** The step that began last, null before the first. */
  step: HostStep['step'] | null
  /** When the host's latest event came. */
  since: number
  /** Why it is not moving, as last said. */
  waiting: string | null
  ending: Ending | null
}

/** Where one wave of the selection stands. Times are milliseconds since the epoch. */
export interface WaveRun {
  readonly name: string
  readonly hosts: readonly HostRun[]
  phase: 'pending' | 'open' | 'baking' | 'paused' | 'finished'
  halted: string | null
  failures: number
  /** When it opened, and when a host of it became healthy last. */
  startedAt: number | null
  progressAt: number | null
  bakingAt: number | null
}

/** All that is known of a run: the fold of its events, and nothing else. */
export interface RunState {
  run: string
  planId: string
  readonly waves: WaveRun[]
  readonly hosts: Map<string, HostRun>
  interruptions: number
  /** Signal of the first interruption. */
  signal: string | null
  startedAt: number | null
  finished: RunFinished | null
}

/** A run before its first event. */
export function initialRun(): RunState {
  return {
    run: '',
    planId: '',
    waves: [],
    hosts: new Map(),
    interruptions: 0,
    signal: null,
    startedAt: null,
    finished: null,
  }
}

/**
 * Folds one event into the state, for `events.reduce(reduce, initialRun())`.
 * It updates the state it was given and returns it, so that the cost of an event does not grow with the fleet.
 */
export function reduce(state: RunState, event: Event): RunState {
  const at = Date.parse(event.at)
  switch (event.type) {
    case 'run.started':
      state.run = event.run
      state.planId = event.planId
      state.startedAt = at
      for (const wave of event.waves) state.waves.push(openWave(state, wave, at))
      break
    case 'run.interrupted':
      state.interruptions += 1
      state.signal ??= event.signal
      break
    case 'run.finished':
      state.finished = event
      break
    case 'wave.started':
      Object.assign(waveOf(state, event.wave), { phase: 'open', startedAt: at, progressAt: at })
      break
    case 'wave.baking':
      Object.assign(waveOf(state, event.wave), { phase: 'baking', bakingAt: at })
      break
    case 'wave.paused':
      waveOf(state, event.wave).phase = 'paused'
      break
    case 'wave.halted':
      waveOf(state, event.wave).halted = event.reason
      break
    case 'wave.finished':
      waveOf(state, event.wave).phase = 'finished'
      break
    case 'host.waiting':
      hostOf(state, event.host).waiting = event.reason
      break
    case 'host.started':
      Object.assign(hostOf(state, event.host), { phase: 'in-flight', since: at, waiting: null })
      break
    case 'host.step':
      step(hostOf(state, event.host), event, at)
      break
    case 'host.succeeded':
    case 'host.skipped':
    case 'host.stale':
    case 'host.failed':
    case 'host.rolled-back':
    case 'host.unknown':
    case 'host.cancelled':
      end(state, event, at)
      break
    case 'host.output':
    case 'check.finished':
    case 'lock.waiting':
    case 'lock.acquired':
    case 'lock.released':
    case 'lock.lost':
    case 'hook.finished':
    case 'diagnostic':
      break
  }
  return state
}

function openWave(state: RunState, { name, hosts }: SelectedWave, at: number): WaveRun {
  const runs = hosts.map((host): HostRun => {
    const run: HostRun = { host, wave: name, phase: 'pending', step: null, since: at, waiting: null, ending: null }
    state.hosts.set(host, run)
    return run
  })
  return {
    name,
    hosts: runs,
    phase: 'pending',
    halted: null,
    failures: 0,
    startedAt: null,
    progressAt: null,
    bakingAt: null,
  }
}

function step(host: HostRun, event: HostStep, at: number): void {
  host.since = at
  host.waiting = null
  if (event.status === 'started') host.step = event.step
  if (host.phase === 'in-flight') return
  // Preparation ends with the copy; what follows needs `host.started`.
  host.phase = event.step === 'copy' && event.status === 'finished' ? 'prepared' : 'preparing'
}

function end(state: RunState, ending: Ending, at: number): void {
  const host = hostOf(state, ending.host)
  if (host.ending !== null) throw new Error(`bug: ${ending.host} has a second ending: ${ending.message}`)
  Object.assign(host, { phase: 'ended', since: at, waiting: null, ending })
  const wave = waveOf(state, ending.wave)
  if (isFailure(ending)) wave.failures += 1
  if (ending.type === 'host.succeeded' || ending.type === 'host.skipped') wave.progressAt = at
}

/** The wave of that name; a name that the run does not have is a bug. */
export function waveOf(state: RunState, name: string): WaveRun {
  const wave = state.waves.find((candidate) => candidate.name === name)
  if (wave === undefined) throw new Error(`bug: no wave ${name} in this run`)
  return wave
}

function hostOf(state: RunState, name: string): HostRun {
  const host = state.hosts.get(name)
  if (host === undefined) throw new Error(`bug: no host ${name} in this run`)
  return host
}

/** Hosts that have started and have no ending yet. */
export function inFlight(state: RunState): readonly HostRun[] {
  return [...state.hosts.values()].filter((host) => host.phase === 'in-flight')
}

/** The selection's hosts by ending; a host without one counts as not reached. */
export function countRun(state: RunState): Counts {
  const counts = { changed: 0, unchanged: 0, failed: 0, rolledBack: 0, unknown: 0, notReached: 0 }
  for (const { ending } of state.hosts.values()) {
    if (ending === null || ending.type === 'host.cancelled') counts.notReached += 1
    else if (ending.type === 'host.succeeded') counts.changed += 1
    else if (ending.type === 'host.skipped') counts[ending.cause === 'converged' ? 'unchanged' : 'notReached'] += 1
    else counts.failed += 1
    if (ending?.type === 'host.rolled-back') counts.rolledBack += 1
    if (ending?.type === 'host.unknown') counts.unknown += 1
  }
  return counts
}

/** The last line of every report; its wording is fixed (contract §4) and scripts match it. */
export function runSummary(finished: RunFinished): string {
  const { changed, failed, rolledBack, unknown, notReached } = finished.counts
  switch (finished.outcome) {
    case 'no-changes':
      return 'No changes. Every reachable host runs its planned system.'
    case 'complete':
      return `Apply complete: ${changed} changed, ${failed} failed, ${rolledBack} rolled back, ${notReached} not reached.`
    case 'failed':
    case 'interrupted': {
      const fates = [
        ...(rolledBack > 0 ? [rolledBack === failed ? 'rolled back' : `${rolledBack} rolled back`] : []),
        ...(unknown > 0 ? [unknown === failed ? 'state unknown' : `${unknown} state unknown`] : []),
      ]
      const fate = fates.length > 0 ? ` (${fates.join(', ')})` : ''
      const verb = finished.outcome === 'failed' ? 'failed' : 'interrupted'
      return `Apply ${verb}: ${changed} changed, ${failed} failed${fate}, ${notReached} not reached.`
    }
    case 'paused':
      return `Apply paused: ${finished.reason}`
    case 'refused':
      return `Apply refused: ${finished.reason}`
  }
}
