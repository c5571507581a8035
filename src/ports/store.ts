import type { Closure } from '../model/nix/closure.ts'
import type { DerivationGraph } from '../model/nix/derivation-graph.ts'
import type { Found, SystemContents } from '../model/host/system.ts'

/** What the pipeline asks of the store on the operator's machine. It only reads; every failure is a value. */
export interface Store {
  /** A derivation and all it is built from; what was read once is not read again. Fails where one of them is not there. */
  derivations(root: string, signal: AbortSignal): Promise<Found<DerivationGraph>>
  /** Those of the paths that are here, whole. */
  valid(paths: readonly string[], signal: AbortSignal): Promise<Found<ReadonlySet<string>>>
  /** What the database tells of those of the paths that are here; the others are left out. */
  records(paths: readonly string[], signal: AbortSignal): Promise<Found<Closure>>
  /** All that a valid path needs to run. */
  closure(path: string, signal: AbortSignal): Promise<Found<Closure>>
  /** What a toplevel that is here consists of; null where it is not here, or is none. */
  contents(toplevel: string): Promise<SystemContents | null>
  /** A file in the store with its size in bytes, links followed; null where there is none. */
  file(path: string): Promise<{ readonly path: string; readonly bytes: number } | null>
  /** The text of a file whose real place is in the store; null where there is none of at most so many bytes, and when aborted. */
  text(path: string, maxBytes: number, signal?: AbortSignal): Promise<string | null>
}
