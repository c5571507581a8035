import type { EvaluationCost } from '../../model/nix/evaluation-cost.ts'

/** Of a host that nobody has evaluated yet, in a run that has seen none: between a small NixOS and a large one. */
const unknownBytes = 1.2 * 1024 ** 3
/** Grown by so much since last time is no surprise. */
const margin = 1.15
/** The smallest estimate: a process was perhaps gone before it could be measured. */
const leastBytes = 128 * 1024 ** 2

export interface WaitingHost {
  readonly host: string
  readonly learned: EvaluationCost | null
  /** It was ended for want of memory: it runs again when nothing else does. */
  readonly alone: boolean
}

export interface RunningHost {
  readonly host: string
  /** Bytes it was admitted with. */
  readonly estimate: number
  /** Bytes it holds, by the last reading. */
  readonly resident: number
  readonly alone: boolean
  /** It is being ended and has not gone yet. */
  readonly ending: boolean
}

/** Where a pool stands. Every change of it is a new one. */
export interface PoolState {
  /** In the order in which they start. */
  readonly waiting: readonly WaitingHost[]
  /** The youngest last. */
  readonly running: readonly RunningHost[]
  /** The most that any host of this run held, bytes. */
  readonly highestPeak: number | null
  /** What all need is being fetched: the first runs alone, so that the others find it. */
  readonly cold: boolean
}

export interface PoolLimits {
  /** Evaluations at once. */
  readonly slots: number
  /** Bytes for all of them together; null: not limited. */
  readonly budget: number | null
}

export type Admission =
  | { readonly do: 'start'; readonly host: string }
  | { readonly do: 'kill'; readonly host: string }
  | { readonly do: 'wait' }

/** The pool before anything runs: hosts that nobody has evaluated first, then those that take longest, which cuts the tail. */
export function openPool(
  hosts: readonly string[],
  learned: (host: string) => EvaluationCost | null,
  cold: boolean,
): PoolState {
  const waiting = hosts.map((host) => ({ host, learned: learned(host), alone: false }))
  const rank = ({ learned }: WaitingHost) => learned?.cpuMs ?? Infinity
  const longestFirst = waiting.toSorted((a, b) => (rank(a) === rank(b) ? 0 : rank(b) - rank(a)))
  return { waiting: longestFirst, running: [], highestPeak: null, cold }
}

/**
 * What to do next. Estimates of all that runs stay within the budget, but for a host that runs alone; over the budget the
 * youngest goes, since least is lost with it. A host that runs alone is never ended: nothing would be won.
 */
export function admit(state: PoolState, limits: PoolLimits): Admission {
  const { waiting, running, cold } = state
  const budget = limits.budget ?? Infinity
  if (running.some(({ ending }) => ending)) return { do: 'wait' }
  const youngest = running.at(-1)
  if (youngest !== undefined && running.length > 1 && sum(running.map(({ resident }) => resident)) > budget)
    return { do: 'kill', host: youngest.host }
  const next = nextOf(waiting)
  if (next === undefined) return { do: 'wait' }
  if (running.length === 0) return { do: 'start', host: next.host }
  if (cold || next.alone || running.some(({ alone }) => alone) || running.length >= limits.slots) return { do: 'wait' }
  const taken = sum(running.map(({ estimate, resident }) => Math.max(estimate, resident)))
  return taken + estimateOf(next, state) <= budget ? { do: 'start', host: next.host } : { do: 'wait' }
}

/** The pool once a host has been started. */
export function started(state: PoolState, host: string): PoolState {
  const next = state.waiting.find((waiting) => waiting.host === host)
  if (next === undefined) throw new Error(`bug: ${host} does not wait`)
  const running = { host, estimate: estimateOf(next, state), resident: 0, alone: next.alone, ending: false }
  return {
    ...state,
    waiting: state.waiting.filter((waiting) => waiting !== next),
    running: [...state.running, running],
  }
}

/** The pool once a host is being ended. */
export function ending(state: PoolState, host: string): PoolState {
  return { ...state, running: state.running.map((one) => (one.host === host ? { ...one, ending: true } : one)) }
}

/** The pool after a reading of what running hosts hold. */
export function measured(state: PoolState, residents: ReadonlyMap<string, number>): PoolState {
  const running = state.running.map((one) => ({ ...one, resident: residents.get(one.host) ?? one.resident }))
  const highest = Math.max(state.highestPeak ?? 0, ...running.map(({ resident }) => resident))
  return { ...state, running, highestPeak: highest > 0 ? highest : null }
}

/** The pool once a host's process has ended; `again` puts it back, to run alone. */
export function ended(state: PoolState, host: string, cost: EvaluationCost | null, again: boolean): PoolState {
  const highest = Math.max(state.highestPeak ?? 0, cost?.peakBytes ?? 0)
  return {
    waiting: again ? [...state.waiting, { host, learned: cost, alone: true }] : state.waiting,
    running: state.running.filter((running) => running.host !== host),
    highestPeak: highest > 0 ? highest : null,
    cold: state.cold && again,
  }
}

/** What was ended once waits for all others. */
function nextOf(waiting: readonly WaitingHost[]): WaitingHost | undefined {
  return waiting.find(({ alone }) => !alone) ?? waiting[0]
}

function estimateOf({ learned }: WaitingHost, { highestPeak }: PoolState): number {
  return learned === null
    ? Math.max(highestPeak ?? unknownBytes, leastBytes)
    : Math.max(learned.peakBytes * margin, leastBytes)
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0)
}
