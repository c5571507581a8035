import { code, fence, folded, prose } from '../../markup/markdown.ts'
import type { Depth } from './depths.ts'
import { isSentence, type Page } from './page.ts'
import { differenceWords, type HereEntry, hereOf, hereTitle, nothingHere } from '../here/entries.ts'

const marks = { new: '**new** ', gone: '**gone** ', same: '' } as const

/** What applying the plan runs on the machine that does it: a fold with each entry, or where there is little room its numbers. */
export function hereBlocks({ plan, hide }: Page, { waves, groups }: Depth): readonly string[] {
  if (waves === 'none') return []
  const here = hereOf(plan)
  const words = [here.counts === '' ? nothingHere : here.counts, differenceWords(here)].filter((part) => part !== '')
  const summary = `${hereTitle}: ${prose(words.join(', '))}`
  if (groups === 'none' || here.entries.length === 0) return [`${summary}.`]
  return [
    folded(
      summary,
      here.entries.flatMap((entry) => lines(entry, hide)),
    ),
  ]
}

function lines({ mark, label, what }: HereEntry, hide: (text: string) => string): readonly string[] {
  const text = hide(what)
  const head = `- ${marks[mark]}${prose(label)}`
  return isSentence(text) ? [`${head}: ${code(text)}`] : [head, '', ...fence('sh', text.split('\n')), '']
}
