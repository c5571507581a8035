/** Lines around a change that are shown with it. */
const context = 3
/** Cells of the comparison that are worth their time: about 2,000 changed lines against 2,000. */
const mostCells = 4_000_000

interface Edit {
  readonly mark: ' ' | '-' | '+'
  readonly line: string
}

/**
 * The hunks of a unified difference between two texts, without file names; null when there is none, or when the texts differ
 * in too many lines to be compared. A missing last line feed is not told.
 */
export function unifiedPatch(before: string, after: string): string | null {
  const [a, b] = [linesOf(before), linesOf(after)]
  let start = 0
  while (start < a.length && start < b.length && a[start] === b[start]) start += 1
  let end = 0
  while (end < a.length - start && end < b.length - start && a.at(-1 - end) === b.at(-1 - end)) end += 1
  const [from, to] = [a.slice(start, a.length - end), b.slice(start, b.length - end)]
  if (from.length === 0 && to.length === 0) return null
  if (from.length * to.length > mostCells) return null
  const same = (lines: readonly string[]): Edit[] => lines.map((line) => ({ mark: ' ', line }))
  const edits = [...same(a.slice(0, start)), ...middle(from, to), ...same(a.slice(a.length - end))]
  return hunks(edits)
}

function linesOf(text: string): readonly string[] {
  const lines = text.split('\n')
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines
}

/** The shortest way from one list of lines to the other, by the table of longest common subsequences. */
function middle(a: readonly string[], b: readonly string[]): readonly Edit[] {
  const width = b.length + 1
  const table = new Uint32Array((a.length + 1) * width)
  const cell = (i: number, j: number) => table[i * width + j] ?? 0
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      table[i * width + j] = a[i] === b[j] ? cell(i + 1, j + 1) + 1 : Math.max(cell(i + 1, j), cell(i, j + 1))
  const edits: Edit[] = []
  let [i, j] = [0, 0]
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      edits.push({ mark: ' ', line: a[i] ?? '' })
      i += 1
      j += 1
    } else if (i < a.length && (j >= b.length || cell(i + 1, j) >= cell(i, j + 1))) {
      edits.push({ mark: '-', line: a[i] ?? '' })
      i += 1
    } else {
      edits.push({ mark: '+', line: b[j] ?? '' })
      j += 1
    }
  }
  return edits
}

function hunks(edits: readonly Edit[]): string {
  const changed = edits.flatMap(({ mark }, index) => (mark === ' ' ? [] : [index]))
  const ranges: { start: number; end: number }[] = []
  for (const index of changed) {
    const last = ranges.at(-1)
    const range = { start: Math.max(0, index - context), end: Math.min(edits.length, index + context + 1) }
    if (last !== undefined && range.start <= last.end) last.end = range.end
    else ranges.push(range)
  }
  const lines = ranges.flatMap(({ start, end }) => {
    const shown = edits.slice(start, end)
    const [skipped, inside] = [edits.slice(0, start), shown]
    const count = (list: readonly Edit[], other: '-' | '+') => list.filter(({ mark }) => mark !== other).length
    const place = (other: '-' | '+') => {
      const length = count(inside, other)
      const first = count(skipped, other) + (length === 0 ? 0 : 1)
      return length === 1 ? String(first) : `${first},${length}`
    }
    return [`@@ -${place('+')} +${place('-')} @@`, ...shown.map(({ mark, line }) => mark + line)]
  })
  return `${lines.join('\n')}\n`
}
