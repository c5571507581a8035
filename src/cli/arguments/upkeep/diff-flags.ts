import type { FormatFlags, RawFormat } from '../plan-flags.ts'

export interface DiffFlags extends FormatFlags {
  /** What is compared, as it was typed. */
  readonly from: string
  /** What it is compared with; null: what the flake says of the host of `from`. */
  readonly to: string | null
  /** Exit 2 when they differ. */
  readonly detailedExitCode: boolean
}

/** What the argument parser makes of the options of `diff`. */
export interface RawDiff extends RawFormat {
  readonly detailedExitcode: boolean
}
