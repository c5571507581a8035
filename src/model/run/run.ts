import { type Ending, isDown, isFailure, isInconclusive, isLost } from './event.ts'
import { noOverrides } from './overrides.ts'
import type {
  CheckFinished,
  Event,
  HostReverted,
  HostStep,
  Overrides,
  RunFinished,
  RunStarted,
  SelectedWave,
} from './event-schema.ts'

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
  /** Checks that decide and could not be measured when they were asked last. */
  unmeasured: readonly string[]
  /** Why it is unhealthy again after it had been healthy; null: it is not. */
  unhealthy: string | null
  /** Being rolled back after its ending. */
  reverting: boolean
  reverted: HostReverted | null
}

/** Where one wave of the selection stands. Times are milliseconds since the epoch. */
export interface WaveRun {
  readonly name: string
  readonly hosts: readonly HostRun[]
  /** Its hosts by phase, so that a question need not look at each of them. */
  readonly count: Record<HostRun['phase'], number>
  /** Hosts that do not move and of which nobody has said why. */
  readonly silent: Set<HostRun>
  /** Places in `hosts` before which no host is pending any more, and before which all have ended. */
  readonly next: { pending: number; open: number }
  /** The host that could not be rolled back to a healthy system; null: none. */
  lost: string | null
  phase: 'pending' | 'open' | 'baking' | 'paused' | 'finished'
  /** What stands before it: `named` outright, so that nobody is asked; `open`, all its gates have let it start. */
  gate: 'shut' | 'named' | 'open'
  halted: string | null
  paused: Extract<Event, { type: 'wave.paused' }> | null
  failures: number
  /** Hosts whose health nobody could measure: no failures, and the wave pauses. */
  inconclusive: number
  /** When it opened, and when a host of it became ready to start, or healthy, last. */
  startedAt: number | null
  progressAt: number | null
  bakingAt: number | null
  bakingUntil: number | null
}

/** All that is known of a run: the fold of its events, and nothing else. */
export interface RunState {
  run: string
  planId: string
  readonly waves: WaveRun[]
  readonly hosts: Map<string, HostRun>
  overrides: Overrides
  /** Hosts that are in flight or being rolled back, and hosts that are down or unhealthy as far as this run knows. */
  readonly flying: Set<string>
  readonly down: Set<string>
  interruptions: number
  /** Signal of the first interruption. */
  signal: string | null
  /** Why the run starts nothing more, though nobody interrupted it. */
  stopped: Pick<Extract<Event, { type: 'run.stopped' }>, 'code' | 'reason'> | null
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
    overrides: noOverrides,
    flying: new Set(),
    down: new Set(),
    interruptions: 0,
    signal: null,
    stopped: null,
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
      start(state, event, at)
      break
    case 'run.interrupted':
      state.interruptions += 1
      state.signal ??= event.signal
      break
    case 'run.stopped':
      state.stopped ??= { code: event.code, reason: event.reason }
      break
    case 'run.finished':
      state.finished = event
      break
    case 'wave.promoted':
      waveOf(state, event.wave).gate = 'open'
      break
    case 'wave.started':
      openWave(state, waveOf(state, event.wave), at)
      break
    case 'wave.baking': {
      const bakingUntil = at + (event.remainingMs ?? event.bakeTimeMs)
      Object.assign(waveOf(state, event.wave), { phase: 'baking', bakingAt: at, bakingUntil })
      break
    }
    case 'wave.paused':
      Object.assign(waveOf(state, event.wave), { phase: 'paused', paused: event })
      break
    case 'wave.halted':
      waveOf(state, event.wave).halted = event.reason
      break
    case 'wave.finished':
      waveOf(state, event.wave).phase = 'finished'
      break
    case 'host.waiting':
      update(state, event.host, { waiting: event.reason })
      break
    case 'host.started':
      update(state, event.host, { phase: 'in-flight', since: at, waiting: null })
      break
    case 'host.step': {
      const change = stepOf(state, event, at)
      update(state, event.host, change)
      if (change.phase === 'prepared') waveOf(state, event.wave).progressAt = at
      break
    }
    case 'host.succeeded':
    case 'host.skipped':
    case 'host.stale':
    case 'host.failed':
    case 'host.rolled-back':
    case 'host.unknown':
    case 'host.cancelled':
      end(state, event, at)
      break
    case 'host.unhealthy':
      update(state, event.host, { unhealthy: event.reason })
      waveOf(state, event.wave).failures += 1
      break
    case 'host.reverting':
      update(state, event.host, { reverting: true, since: at, waiting: null })
      break
    case 'host.reverted':
      foldReverted(state, event, at)
      break
    case 'check.finished':
      if (event.host !== null && event.severity === 'fail') measure(hostOf(state, event.host), event)
      break
    case 'host.output':
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

function start(state: RunState, event: RunStarted, at: number): void {
  const { run, planId, overrides = noOverrides } = event
  Object.assign(state, { run, planId, overrides, startedAt: at })
  for (const wave of event.waves) state.waves.push(waveAhead(state, wave, event.promoted ?? [], at))
}

function waveAhead(state: RunState, { name, hosts }: SelectedWave, promoted: readonly string[], at: number): WaveRun {
  const nothingYet = { step: null, waiting: null, ending: null, unmeasured: [], unhealthy: null, reverted: null }
  const runs = hosts.map((host): HostRun => {
    const run: HostRun = { host, wave: name, phase: 'pending', since: at, reverting: false, ...nothingYet }
    state.hosts.set(host, run)
    return run
  })
  return {
    name,
    hosts: runs,
    count: { pending: runs.length, preparing: 0, prepared: 0, 'in-flight': 0, ended: 0 },
    silent: new Set(runs),
    next: { pending: 0, open: 0 },
    lost: null,
    phase: 'pending',
    gate: promoted.includes(name) ? 'named' : 'shut',
    halted: null,
    paused: null,
    failures: 0,
    inconclusive: 0,
    startedAt: null,
    progressAt: null,
    bakingAt: null,
    bakingUntil: null,
  }
}

/** Changes one host, and all that is counted of it. */
function update(state: RunState, name: string, change: Partial<HostRun>): void {
  const host = hostOf(state, name)
  const wave = waveOf(state, host.wave)
  wave.count[host.phase] -= 1
  Object.assign(host, change)
  wave.count[host.phase] += 1
  keep(wave.silent, host, host.waiting === null && (host.phase === 'pending' || host.phase === 'prepared'))
  goOn(wave)
  keep(state.flying, name, host.phase === 'in-flight' || host.reverting)
  keep(state.down, name, isDown(host))
}

function keep<T>(all: Set<T>, one: T, isIn: boolean): void {
  all[isIn ? 'add' : 'delete'](one)
}

/** No host becomes pending again, and none ends twice: each place is looked at once. */
function goOn({ hosts, next }: WaveRun): void {
  while (next.pending < hosts.length && hosts[next.pending]?.phase !== 'pending') next.pending += 1
  while (next.open < hosts.length && hosts[next.open]?.phase === 'ended') next.open += 1
}

/** What its hosts waited for is over; why they do not move now is said anew. */
function openWave(state: RunState, wave: WaveRun, at: number): void {
  Object.assign(wave, { phase: 'open', startedAt: at, progressAt: at })
  for (const { host, phase } of wave.hosts) if (phase === 'pending') update(state, host, { waiting: null })
}

function stepOf(state: RunState, { host, step, status }: HostStep, at: number): Partial<HostRun> {
  const run = hostOf(state, host)
  const change = { since: at, waiting: null, step: status === 'started' ? step : run.step }
  // What is built ahead of its wave, or happens after an ending, moves no host.
  const moves = waveOf(state, run.wave).phase !== 'pending' && (run.phase === 'pending' || run.phase === 'preparing')
  if (!moves) return run.phase === 'pending' ? { ...change, waiting: run.waiting } : change
  // Preparation ends with the copy; what follows needs `host.started`.
  return { ...change, phase: step === 'copy' && status === 'finished' ? 'prepared' : 'preparing' }
}

function measure(host: HostRun, { check, result }: CheckFinished): void {
  const others = host.unmeasured.filter((name) => name !== check)
  host.unmeasured = result === 'error' ? [...others, check] : others
}

function end(state: RunState, ending: Ending, at: number): void {
  const host = hostOf(state, ending.host)
  if (host.ending !== null) throw new Error(`bug: ${ending.host} has a second ending: ${ending.message}`)
  update(state, ending.host, { phase: 'ended', since: at, waiting: null, ending })
  const wave = waveOf(state, ending.wave)
  if (isInconclusive(ending)) wave.inconclusive += 1
  else if (isFailure(ending)) wave.failures += 1
  if (isLost(ending)) wave.lost ??= ending.host
  if (ending.type === 'host.succeeded' || ending.type === 'host.skipped') wave.progressAt = at
}

function foldReverted(state: RunState, event: HostReverted, at: number): void {
  if (hostOf(state, event.host).reverted !== null)
    throw new Error(`bug: ${event.host} was rolled back a second time: ${event.message}`)
  update(state, event.host, { reverting: false, since: at, waiting: null, reverted: event })
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
