import { displayWidth, gap, hang, pad } from './width.ts'

/** Where labels and the texts behind them stand. */
export interface Columns {
  /** Columns before the label. */
  readonly indent: number
  /** Width of the label; the text begins two columns behind it. */
  readonly column: number
  /** Width of the screen. */
  readonly width: number
}

/** A text in less room than this is set below its label instead of behind it. */
const leastText = 24
/** How far it is indented there. */
const below = 2

/**
 * A label and its text: every line of the text starts in one column, whatever the label is. A label that is wider than its column has
 * a line of its own, and so has every label on a narrow screen. Without a text the label alone.
 */
export function labelled(label: string, text: string, columns: Columns): readonly string[] {
  const { indent, column, width } = columns
  const before = ' '.repeat(indent)
  if (text === '') return [`${before}${label}`.trimEnd()]
  const textStart = startOf(columns)
  if (label === '') return hang(textStart, text, width)
  if (isNarrow(columns) || displayWidth(label) > column) return [before + label, ...hang(textStart, text, width)]
  return hang(`${before}${pad(label, column)}  `, text, width)
}

/** The spaces before the texts of such labels, for a line that is not to be broken. */
export function startOf(columns: Columns): string {
  return ' '.repeat(isNarrow(columns) ? columns.indent + below : columns.indent + columns.column + gap.length)
}

function isNarrow({ indent, column, width }: Columns): boolean {
  return width - indent - column - gap.length < leastText
}

/** The width of a column of labels: the widest of them, but no more than so many columns. */
export function labelColumn(labels: readonly string[], atMost: number): number {
  return Math.min(
    atMost,
    labels.reduce((widest, label) => Math.max(widest, displayWidth(label)), 0),
  )
}

/** A text whose later lines are indented, so that the start of each text is seen. */
export function outdented(text: string, width: number): readonly string[] {
  return hang(' '.repeat(below), text, width).map((line, index) => (index === 0 ? line.slice(below) : line))
}
