import type { EvaluationCost } from '../model/nix/evaluation-cost.ts'
import type { Evaluation } from '../model/host/system.ts'

/** Evaluations of earlier plans. Only pure ones are kept, so that what was found once holds for ever. */
export interface Evaluations {
  /** Null: not known, no longer readable, or its derivation is gone from the store. */
  get(key: string): Promise<Evaluation | null>
  put(key: string, evaluation: Evaluation): Promise<void>
  /** What each configuration took when it was evaluated last, by `SET.ATTRIBUTE`. */
  costs(): Promise<ReadonlyMap<string, EvaluationCost>>
  learn(costs: ReadonlyMap<string, EvaluationCost>): Promise<void>
}
