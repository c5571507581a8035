import type { Place } from '../diagnostic.ts'
import type { Check, Group, Hook, HostSettings, Wave } from '../plan/plan-schema.ts'

/** A host of fleet.yaml with everything merged, and its place there, so that any later complaint can point at it. */
export interface Host {
  readonly name: string
  readonly enabled: boolean
  readonly settings: HostSettings
  /** Who says what `hostname` must answer; `configuration`: until that is evaluated, `expectHostname` is the host's name. */
  readonly hostnameFrom: 'fleet.yaml' | 'configuration'
  readonly place: Place
}

/** Resolved intent: fleet.yaml with defaults filled in, selectors expanded and waves frozen. Nothing optional is left. */
export interface Fleet {
  readonly name: string
  /** The reference as written; a relative path is relative to `directory`. */
  readonly flake: string
  readonly attribute: string
  /** Directory that holds fleet.yaml: relative paths start here. */
  readonly directory: string
  /** In the order of fleet.yaml, disabled ones included. */
  readonly hosts: readonly Host[]
  readonly groups: Readonly<Record<string, Group>>
  /** Every check that some host or wave names, and all that are defined. */
  readonly checks: Readonly<Record<string, Check>>
  readonly hooks: readonly Hook[]
  readonly waves: readonly Wave[]
  readonly lock: { readonly http: string } | null
}
