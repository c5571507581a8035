/** A line, and how often it was printed. */
export interface FoldedLine {
  readonly text: string
  readonly times: number
}

/** A line that comes back less often than this stays where it is each time: with two of them the order says more. */
const foldedFrom = 3

/**
 * Lines with those that come again and again, or follow upon themselves, as one with a count, at the place of the first; empty
 * ones say nothing and are left out.
 */
export function foldLines(lines: readonly string[]): readonly FoldedLine[] {
  const full = lines.map((line) => line.trimEnd()).filter((line) => line !== '')
  const counts = new Map<string, number>()
  for (const text of full) counts.set(text, (counts.get(text) ?? 0) + 1)
  const folded: FoldedLine[] = []
  const told = new Set<string>()
  for (const text of full) {
    const count = counts.get(text) ?? 1
    const last = folded.at(-1)
    if (count < foldedFrom) {
      if (last?.text === text) folded[folded.length - 1] = { text, times: last.times + 1 }
      else folded.push({ text, times: 1 })
    } else if (!told.has(text)) folded.push({ text, times: count })
    told.add(text)
  }
  return folded
}

/** `Connection refused (15 times)`. */
export function tellFolded({ text, times }: FoldedLine): string {
  return times === 1 ? text : `${text} (${times} times)`
}
