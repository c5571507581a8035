import type { Wave } from '../../model/plan/plan-schema.ts'
import type { WaveRun } from '../../model/run/run.ts'

/** The next thing to do. The loop in `apply` does it; the events that follow change the state, and nothing else does. */
export type Move =
  /** Ask all that stands before a wave: the operator, its gate checks, its hooks. */
  | { readonly move: 'gate'; readonly wave: string }
  | { readonly move: 'open'; readonly wave: string }
  | { readonly move: 'prepare'; readonly host: string }
  | { readonly move: 'start'; readonly host: string }
  | { readonly move: 'cancel'; readonly host: string; readonly reason: string }
  | { readonly move: 'halt'; readonly wave: string; readonly reason: string }
  /** Nobody can measure the health of these hosts. `check`: the one that none of them could be asked. */
  | {
      readonly move: 'pause'
      readonly wave: string
      readonly reason: string
      readonly hosts: readonly string[]
      readonly check: string | null
    }
  /** Roll back a host that had succeeded; or leave it as it is and say why. */
  | { readonly move: 'roll-back'; readonly host: string; readonly reason: string }
  | { readonly move: 'skip-rollback'; readonly host: string; readonly reason: string }
  | { readonly move: 'bake'; readonly wave: string; readonly remainingMs: number }
  /** The bake is over but for checks that are failing just now. */
  | { readonly move: 'end-bake'; readonly wave: string }
  | { readonly move: 'close'; readonly wave: string }
  | { readonly move: 'finish' }

/** Why a host is not moving. */
export interface Waiting {
  readonly host: string
  readonly reason: string
}

/** What may happen now, why the rest waits where that has not been said yet, and when to ask again though nothing happened. */
export interface Schedule {
  readonly moves: readonly Move[]
  readonly waiting: readonly Waiting[]
  /** Milliseconds since the epoch. */
  readonly wakeAt: number | null
}

/** The wave whose turn it is, as the plan has it and as far as it has come; `now` is ms since the epoch. */
export interface Turn {
  readonly wave: Wave
  readonly current: WaveRun
  readonly now: number
}

/** Nothing to do but to wait for what is under way. */
export const idle: Schedule = { moves: [], waiting: [], wakeAt: null }

/** One thing, before anything else is looked at. */
export function only(move: Move): Schedule {
  return { ...idle, moves: [move] }
}
