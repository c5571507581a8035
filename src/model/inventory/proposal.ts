import type { FleetFile } from '../fleet/fleet-schema.ts'

/** What a person should know of the file that was made: what was left out, or is not as it was in the flake. */
export interface Remark {
  /** A host, or an output of the flake. */
  readonly subject: string
  /** What and why, in words that continue the subject. */
  readonly text: string
}

/** Comments at one place of fleet.yaml: lines above it, and words behind it. */
export interface Comments {
  readonly above: readonly string[]
  readonly behind: string | null
}

/** A fleet.yaml as it is to be written. */
export interface Proposal {
  readonly file: FleetFile
  /** By JSON pointer; that of the root stands at the top of the file. */
  readonly comments: ReadonlyMap<string, Comments>
  readonly remarks: readonly Remark[]
}
