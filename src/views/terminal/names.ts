/** Names in a list; the rest is counted. */
const namedAtMost = 12

/** A list of host names: the first twelve and the number of the rest, or all where all are asked for. */
export function someOf(names: readonly string[], all: boolean): string {
  const rest = names.length - namedAtMost
  // To count one or two takes as much room as to name them.
  if (all || rest <= 2) return names.join(', ')
  return `${names.slice(0, namedAtMost).join(', ')} and ${rest} more`
}
