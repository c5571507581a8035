import { hang } from '../../terminal/width.ts'
import type { Page } from './page.ts'
import { differenceWords, type HereEntry, hereOf, hereTitle, nothingHere } from '../here/entries.ts'

const marks = { new: '+', gone: '-', same: ' ' } as const

/**
 * What applying the plan runs on this machine: each entry where there is something new or nothing to compare with; where all is as it
 * was, its number. With `verbose` always each.
 */
export function hereLines({ plan, width, verbose, paint }: Page): readonly string[] {
  const here = hereOf(plan)
  const { entries, comparedWith, counts } = here
  const isListed = verbose || comparedWith === null || entries.some(({ mark }) => mark !== 'same')
  const words = [counts === '' ? nothingHere : counts, differenceWords(here)].filter((part) => part !== '').join(', ')
  const hint = isListed || entries.length === 0 ? '' : ' (--verbose lists them)'
  const [first = '', ...rest] = hang(`${hereTitle}: `, `${words}${hint}.`, width)
  const shown = isListed ? entries.filter(({ mark }) => verbose || mark !== 'same' || comparedWith === null) : []
  return [
    paint('strong', hereTitle) + first.slice(hereTitle.length),
    ...rest,
    ...shown.flatMap((entry) => {
      const lines = entryLines(entry, width)
      return entry.mark === 'new' ? lines.map((line) => paint('warning', line)) : lines
    }),
  ]
}

/** A script stands below what it is for, each of its lines behind a bar. */
function entryLines({ mark, label, what }: HereEntry, width: number): readonly string[] {
  const [first = '', ...more] = what.split('\n')
  const head = `  ${marks[mark]} ${label}: `
  if (more.length === 0) return hang(head, first, width)
  return [head.trimEnd(), ...[first, ...more].flatMap((line) => hang('      | ', line, width))]
}
