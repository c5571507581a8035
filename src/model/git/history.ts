/** How one commit stands to another, as git tells it. */
export interface History {
  /** Commits of `to` that `from` lacks. */
  readonly ahead: number
  /** Commits of `from` that `to` lacks; all of them and none ahead: a downgrade. */
  readonly behind: number
  /** Those of `ahead`, the newest first; at most a hundred. */
  readonly commits: readonly Commit[]
}

export interface Commit {
  readonly rev: string
  /** RFC 3339, UTC. */
  readonly date: string
  /** First line of the message, cleaned. */
  readonly subject: string
}
