import type { RawSelection, Selection } from './selection.ts'

// Flags of commands that ask hosts and change nothing on them.

export interface StatusFlags extends Selection {
  readonly json: boolean
  /** Exit 2 when a host has drifted. */
  readonly detailedExitCode: boolean
  /** Hosts asked at once. */
  readonly parallelism: number
}

export interface CheckFlags extends Selection {
  readonly json: boolean
  /** List the ready-made checks instead. */
  readonly list: boolean
  /** Hosts asked at once. */
  readonly parallelism: number
}

export interface DoctorFlags extends Selection {
  readonly json: boolean
  /** Ask no host. */
  readonly offline: boolean
  /** Hosts asked at once. */
  readonly parallelism: number
}

export interface UnlockFlags extends Selection {
  /** The lock, as a run that met it has told it. */
  readonly id: string
  readonly autoApprove: boolean
  /** Hosts asked at once. */
  readonly parallelism: number
}

/** What the argument parser makes of them. */
export interface RawStatus extends RawSelection {
  readonly format: 'text' | 'json'
  readonly json: boolean
  readonly detailedExitcode: boolean
  readonly parallelism: number
}

export interface RawCheck extends RawSelection {
  readonly json: boolean
  readonly list: boolean
  readonly parallelism: number
}

export interface RawUnlock extends RawSelection {
  readonly autoApprove: boolean
  readonly parallelism: number
}

export interface RawDoctor extends RawSelection {
  readonly json: boolean
  readonly offline: boolean
  readonly parallelism: number
}
