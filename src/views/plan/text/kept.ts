/** What became of a plan that was shown. */
interface Made {
  /** The file of `-o`; null: it was not saved. */
  readonly out: string | null
  /** No host was contacted, so it cannot be applied. */
  readonly offline: boolean
  readonly hasChanges: boolean
}

/** The line below a plan that says where it is, and what to type for it; empty where there is nothing to type. */
export function keptLine({ out, offline, hasChanges }: Made): string {
  if (out !== null)
    return offline
      ? `Saved to ${out}, for reading: no host was contacted, so it cannot be applied.`
      : `Saved to ${out}. To roll out exactly this plan: fleet apply ${out}`
  return hasChanges && !offline
    ? 'This plan was not saved. `fleet plan -o FILE` plans again and saves the result for `fleet apply FILE`.'
    : ''
}
