import type { Source } from '../model/plan-schema.ts'
import type { Evaluation, Found } from '../model/system.ts'

/** What the pipeline asks of Nix on the operator's machine. Every failure is a value. */
export interface Nix {
  /** Locks a flake reference; a relative one starts at `directory`. */
  lock(flake: string, directory: string, signal: AbortSignal): Promise<Found<Source>>
  /** Evaluates one configuration of a locked source: `<flake>#<set>."<attribute>"`. Writes the derivations, builds nothing. */
  evaluate(request: EvaluationRequest, signal: AbortSignal): Promise<Found<Evaluation>>
  /** Builds or fetches a derivation's output and keeps it alive by a garbage-collector root at `root`. */
  realise(request: BuildRequest, signal: AbortSignal): Promise<Found<string>>
}

export interface EvaluationRequest {
  /** Locked flake reference. */
  readonly flake: string
  /** Attribute set that holds the configurations, e.g. `nixosConfigurations`. */
  readonly set: string
  readonly attribute: string
}

export interface BuildRequest {
  readonly drv: string
  /** The output path that the derivation must have. */
  readonly output: string
  /** Where the garbage-collector root is put, an absolute path. */
  readonly root: string
  readonly onLine: (line: string) => void
}
