/** Parts of a difference that are told apart; each is a key of Diff but `mode`. */
export type About =
  | 'mode'
  | 'kind'
  | 'packages'
  | 'sizeDelta'
  | 'download'
  | 'units'
  | 'etc'
  | 'users'
  | 'groups'
  | 'firewall'
  | 'inhibitors'
  | 'specialisations'
  | 'reboot'
  | 'causes'

/** What a change does to one part of a host: nothing that is not told, nothing that is not known. */
export interface Topic {
  readonly about: About
  readonly title: string
  readonly parts: readonly Part[]
  /** Worked out from derivations, not compared as built. */
  readonly predicted: boolean
}

/** Names to which the same happens. */
export interface Part {
  /** `removed`, `restarts`, `opens`; empty where the items are sentences. */
  readonly verb: string
  readonly items: readonly Item[]
  /** `gone`: what is missed later; `inherited`: only store paths differ; `own`: everything else. */
  readonly weight: 'gone' | 'own' | 'inherited'
}

/** One name, or one sentence. All of it is cleaned. */
export interface Item {
  readonly name: string
  /** Versions; empty: none. */
  readonly detail: string
  /** What is said behind the name, in parentheses; empty: nothing. */
  readonly aside: string
  /** Must not be left out when there is little room. */
  readonly notable: boolean
  /** A package that somebody chose: it is on the system's PATH. */
  readonly chosen: boolean
  /** Unified difference of its text, or a sentence on why it is not shown; null: nothing to say. */
  readonly patch: string | null
}
