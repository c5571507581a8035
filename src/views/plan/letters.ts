/** The letters of a change by its place among the changes: `A` to `Z`, then `AA`, `AB` and so on. */
export function letterOf(index: number): string {
  const last = String.fromCharCode(65 + (index % 26))
  return index < 26 ? last : letterOf(Math.floor(index / 26) - 1) + last
}

/** Places of changes that are one run in the alphabet. */
interface Run {
  readonly first: number
  last: number
}

/** The letters of changes by their places, in order: `A, C–F`; after so many runs the rest is counted. */
export function lettersOf(places: readonly number[], runsAtMost = Infinity): string {
  const runs: Run[] = []
  for (const place of places.toSorted((a, b) => a - b)) {
    const run = runs.at(-1)
    if (run !== undefined && place <= run.last + 1) run.last = place
    else runs.push({ first: place, last: place })
  }
  const rest = runs.slice(runsAtMost).reduce((sum, { first, last }) => sum + last - first + 1, 0)
  const shown = runs.slice(0, runsAtMost).map(tellRun).join(', ')
  return rest === 0 ? shown : `${shown} and ${rest} more`
}

function tellRun({ first, last }: Run): string {
  if (first === last) return letterOf(first)
  return `${letterOf(first)}${last === first + 1 ? ', ' : '–'}${letterOf(last)}`
}
