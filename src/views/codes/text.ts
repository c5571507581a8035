import type { Code } from '../../model/codes/codes.ts'
import type { Entry } from '../../model/codes/consequences.ts'
import { paintFor } from '../terminal/paint.ts'
import { hang, wrap } from '../terminal/width.ts'

/** One code as `fleet explain` shows it: what it says, what has happened, and what to do, which comes last. */
export function codeText(
  code: Code,
  { title, means, next }: Pick<Entry, 'title' | 'means' | 'next'>,
  { color, width }: { readonly color: boolean; readonly width: number },
): string {
  const paint = paintFor(color)
  const columns = Math.min(width, 100) - 2
  const lines = [...wrap(means, columns), '', ...hang('Next: ', next, columns)]
  const indented = lines.map((line) => `  ${line}`.trimEnd())
  return `${[`${paint('strong', code)}  ${title}`, '', ...indented].join('\n')}\n`
}
