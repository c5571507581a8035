import type { Closure } from '../model/nix/closure.ts'
import type { Failure } from '../model/plan/plan-schema.ts'

/** Who told what a system consists of: this machine's own store, or a host by its name in fleet.yaml. */
export type Teller = 'this-machine' | { readonly host: string }

/**
 * Closures of systems that hosts run: fixed by the toplevel's path, so what was learnt once holds for ever. What a host
 * told is given back for that host alone: one that lies about a system misleads nobody about another host.
 */
export interface ClosureCache {
  /** For one host: what this machine's store told, else what that host told. Null: not known yet, or no longer readable. */
  get(toplevel: string, host: string): Promise<Closure | null>
  /** Null: kept. A failure costs the next plan time, and this one nothing. */
  put(toplevel: string, closure: Closure, teller: Teller): Promise<Failure | null>
}
