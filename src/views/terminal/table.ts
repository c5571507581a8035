import { displayWidth, pad } from './width.ts'

/** How the cells of a column stand: words to the left, figures to the right. */
export type Align = 'left' | 'right'

/** Rows in columns as wide as their widest cell; the heading is the first row. Lines have no spaces at their ends. */
export function table(rows: readonly (readonly string[])[], aligns: readonly Align[], between = 2): readonly string[] {
  const widths = aligns.map((_, column) =>
    rows.reduce((widest, row) => Math.max(widest, displayWidth(row[column] ?? '')), 0),
  )
  return rows.map((row) =>
    aligns
      .map((align, column) => cell(row[column] ?? '', align, widths[column] ?? 0))
      .join(' '.repeat(between))
      .trimEnd(),
  )
}

function cell(text: string, align: Align, width: number): string {
  return align === 'left' ? pad(text, width) : ' '.repeat(Math.max(0, width - displayWidth(text))) + text
}
