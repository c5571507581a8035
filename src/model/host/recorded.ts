import type { LastRun } from './status-schema.ts'

/** What fleet's own journals say of one host. They tell a story; nothing is decided by them. */
export interface Recorded {
  /** Toplevels that runs put on the host, or found on it and left there. */
  readonly systems: ReadonlySet<string>
  /** sha256 of its machine id when it was planned last; null: not known. */
  readonly machine: string | null
  /** Fingerprint of its ssh key when it was planned last; null: not known. */
  readonly hostKey: string | null
  /** The latest run that had to do with it; null: none. */
  readonly last: LastRun | null
  /** That run began to change it, or found it there already: only then is the host to be where it was to bring it. */
  readonly isBegun: boolean
}
