import type { Closure } from '../model/nix/closure.ts'
import type { Failure } from '../model/plan/plan-schema.ts'

/** Closures of systems that hosts run: fixed by the toplevel's path, so what was learnt once holds for ever. */
export interface ClosureCache {
  /** Null: not known yet, or no longer readable. */
  get(toplevel: string): Promise<Closure | null>
  /** Null: kept. A failure costs the next plan time, and this one nothing. */
  put(toplevel: string, closure: Closure): Promise<Failure | null>
}
