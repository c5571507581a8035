/** A line, and how often it was printed. */
export interface FoldedLine {
  readonly text: string
  readonly times: number
}

/** Lines with equal ones as one, at the place of the first; empty ones say nothing and are left out. */
export function foldLines(lines: readonly string[]): readonly FoldedLine[] {
  return lines.reduce<readonly FoldedLine[]>((folded, line) => addLine(folded, line), [])
}

/** The same with one line more. */
export function addLine(folded: readonly FoldedLine[], line: string): readonly FoldedLine[] {
  const text = line.trimEnd()
  if (text === '') return folded
  if (!folded.some((one) => one.text === text)) return [...folded, { text, times: 1 }]
  return folded.map((one) => (one.text === text ? { text, times: one.times + 1 } : one))
}

/** `Connection refused (15 times)`. */
export function tellFolded({ text, times }: FoldedLine): string {
  return times === 1 ? text : `${text} (${times} times)`
}
