import type { Note, Source } from '../model/plan/plan-schema.ts'
import type { History } from '../model/git/history.ts'
import type { Found } from '../model/host/system.ts'

/** The working tree that a source was locked from, where there is one on this machine. Nothing here fails a plan. */
export interface Checkout {
  /** What a reviewer should know of the source: all codes begin `source/`. Read from git and from the copy in the store, no network. */
  notes(
    source: Source,
    directory: string,
    signal: AbortSignal,
    /** True: the lock file is known to be complete, and nobody need be asked. */
    isLockComplete?: boolean,
  ): Promise<readonly Note[]>
  /** How two commits stand to each other; null where the tree does not hold both. */
  history(source: Source, directory: string, range: Range, signal: AbortSignal): Promise<History | null>
  /** A flake reference to another revision (`ref`: a branch, a tag, a commit) of the same flake. */
  baseReference(flake: string, ref: string, directory: string, signal: AbortSignal): Promise<Found<string>>
  /** The text of a file in `directory` at another revision of its tree (`ref`: a branch, a tag, a commit). Null: not there. */
  fileAt(directory: string, ref: string, name: string, signal: AbortSignal): Promise<string | null>
  /** The flake.lock of the source; of another commit of its tree where `rev` is given. Null: not there. */
  lockFile(source: Source, directory: string, rev: string | null, signal: AbortSignal): Promise<string | null>
}

/** Two commits, full hashes. */
export interface Range {
  /** E.g. what a host runs. */
  readonly from: string
  /** E.g. what is planned. */
  readonly to: string
}
