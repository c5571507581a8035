/** Which hosts: waves by name, hosts by selector; both empty: all. */
export interface Selection {
  readonly waves: readonly string[]
  readonly on: readonly string[]
}

/** What the argument parser makes of a selection. */
export interface RawSelection {
  readonly wave: readonly string[]
  readonly on: readonly string[]
}
