import type { Closure } from '../../model/nix/closure.ts'
import type { DerivationGraph } from '../../model/nix/derivation-graph.ts'
import type { NixosSystem } from '../../model/host/nixos-system.ts'
import type { Failure } from '../../model/plan/plan-schema.ts'
import type { Evaluation, Found, Observation } from '../../model/host/system.ts'

/** Both sides of one host as far as they are known, with what they were learnt from. */
export interface HostSides {
  readonly observation: Observation
  readonly evaluation: Evaluation
  readonly before: NixosSystem
  readonly after: NixosSystem
  /** Derivations of each side; null where they are not all on this machine. */
  readonly graphs: { readonly before: DerivationGraph | null; readonly after: DerivationGraph | null }
  /** Closures as read from a store; null: not known. */
  readonly closures: { readonly before: Closure | null; readonly after: Closure | null }
  /** Why something could not be gathered. */
  readonly problems: readonly Failure[]
}

/** Both sides of every host by its name, before anything is gathered about them. */
export interface FleetSides {
  readonly evaluations: ReadonlyMap<string, Found<Evaluation>>
  readonly observations: ReadonlyMap<string, Found<Observation>>
}
