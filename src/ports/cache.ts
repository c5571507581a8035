import type { Closure } from '../model/closure.ts'

/** Closures of systems that hosts run: fixed by the toplevel's path, so what was learnt once holds for ever. */
export interface ClosureCache {
  /** Null: not known yet, or no longer readable. */
  get(toplevel: string): Promise<Closure | null>
  put(toplevel: string, closure: Closure): Promise<void>
}
