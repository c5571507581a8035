import type { Failure, HostSettings, Target } from '../model/plan/plan-schema.ts'
import type { Found } from '../model/host/system.ts'

/** One host's change, as an engine needs it. */
export interface EngineTask {
  readonly name: string
  readonly settings: HostSettings
  readonly to: Target
  /** What runs and what the profile points at now; the engine refuses when the host is found elsewhere. */
  readonly from: { readonly system: string; readonly profile: string | null }
  /**
   * Units that had failed before the activation, as the host told under its lock: an activation that names no other is a
   * success, there and on the way back. Absent: none.
   */
  readonly failedBefore?: readonly string[]
  /** The run, for naming things on the host; and a directory of the run that belongs to this host alone, absolute. */
  readonly run: string
  readonly directory: string
  /** The plan's locked source, for an engine that has to evaluate it again; absent: it must do without. */
  readonly flake?: string
  /** Activate though the host is there already; absent: that is refused. */
  readonly again?: true
  readonly onLine: (stream: 'stdout' | 'stderr', line: string) => void
  /**
   * Those of the store paths that the host does not have, asked through the session that holds its lock, which also keeps
   * the target from being collected; absent: nobody holds it.
   */
  readonly missing?: (paths: readonly string[], signal: AbortSignal) => Promise<Found<ReadonlySet<string>>>
}

/** What an engine says of itself. It is a hint: the host is asked afterwards, always. */
export type EngineAnswer =
  | {
      readonly how: 'done'
      /** The host saw a new connection confirm it and has told that it stays: it rolls back by itself no more. */
      readonly confirmed?: true
    }
  /** Nothing was changed. */
  | { readonly how: 'refused'; readonly failure: Failure }
  | { readonly how: 'failed'; readonly failure: Failure }
  /** The connection went, or the time was over: the activation may go on. */
  | { readonly how: 'lost'; readonly failure: Failure }

/** What makes one host's change true. Every call takes one host and one signal. */
export interface Engine {
  /** Why it cannot be used on this machine at all, asked before anything starts; missing or null: nothing is known. */
  unusable?(signal: AbortSignal): Promise<Failure | null>
  /** Brings the target's closure to the host; changes nothing that runs there. */
  copy(task: EngineTask, signal: AbortSignal): Promise<EngineAnswer>
  /** Sets the profile and activates, in the host's `mode`. */
  activate(task: EngineTask, signal: AbortSignal): Promise<EngineAnswer>
  /** Shows through `onLine` what an activation would do to units; changes nothing that runs, nor the profile. */
  dryActivate(task: EngineTask, signal: AbortSignal): Promise<EngineAnswer>
  /** Rolls the host back to `from`, by path. */
  rollBack(task: EngineTask, signal: AbortSignal): Promise<EngineAnswer>
}
