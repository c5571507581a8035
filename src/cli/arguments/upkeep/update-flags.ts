import type { RawSelection, Selection } from '../selection.ts'

/** What `update` does beside updating. */
interface UpdateOptions {
  /** Put the old lock file back where a host stops evaluating. */
  readonly revertIfFailing: boolean
  /** Commit the lock file alone. */
  readonly commit: boolean
  /** Hosts asked at once. */
  readonly parallelism: number
}

export interface UpdateFlags extends Selection, UpdateOptions {
  /** Names of inputs; none: all. */
  readonly inputs: readonly string[]
}

/** What the argument parser makes of the options of `update`. */
export interface RawUpdate extends RawSelection, UpdateOptions {}
