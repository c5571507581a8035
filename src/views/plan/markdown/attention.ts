import { alert, code, prose } from '../../markup/markdown.ts'
import { counted, grouped } from '../../terminal/amounts.ts'
import { type Danger, summaryOf } from '../../terminal/danger.ts'
import { truncate } from '../../terminal/width.ts'
import { lettersOf } from '../letters.ts'
import { changesOf } from '../reach.ts'
import type { Depth } from './depths.ts'
import { isSentence, nameAtMost, type Page, someNames, summaryAtMost } from './page.ts'

const dangersAtMost = 5

/** What may hurt, as alerts: first what is bad, then what is a warning; nothing where nothing may. */
export function alerts(page: Page, depth: Depth): readonly string[] {
  if (depth.dangers === 'none' || page.dangers.length === 0) return []
  const isShort = depth.dangers === 'some'
  const blocks = (['CAUTION', 'WARNING'] as const).flatMap((kind) => {
    const some = page.dangers.filter(({ role }) => (role === 'bad') === (kind === 'CAUTION'))
    if (some.length === 0) return []
    if (depth.dangers === 'counted')
      return [alert(kind, [counted(some.length, kind === 'CAUTION' ? 'danger' : 'warning')])]
    const shown = isShort ? some.slice(0, dangersAtMost) : some
    const rest = some.length - shown.length
    const lines = shown.map((danger) => (isShort ? shortLine(danger) : longLine(danger, page)))
    return [alert(kind, rest === 0 ? lines : [...lines, `and ${grouped(rest)} more`])]
  })
  return ['### Attention', ...blocks]
}

/** With what it says at length, where that is a sentence; else that is among the notes. */
function longLine(danger: Danger, page: Page): string {
  const further = furtherText(danger)
  return dangerHead(danger, page) + (further !== '' && isSentence(further) ? `. ${prose(further)}` : '')
}

function shortLine({ kind, why, hosts }: Danger): string {
  const words = prose(truncate(summaryOf({ kind, why }), summaryAtMost)).trim()
  const text = `**${words === '' ? '—' : words}**`
  return hosts.length === 0 ? text : `${text}: ${someNames(hosts.map((name) => truncate(name, nameAtMost)))}`
}

/** Which hosts, and what is so of them: the host first where it is one, the kind of danger where there are many. */
export function dangerHead({ hosts, kind, why }: Danger, { groups }: Pick<Page, 'groups'>): string {
  const [words, rest] = kind === '' ? [why, ''] : [kind, why === '' ? '' : `: ${prose(why)}`]
  const strong = `**${words.trim() === '' ? '—' : prose(words).trim()}**`
  const [only = '', ...others] = hosts
  if (hosts.length === 0) return strong + rest
  if (others.length === 0) return `${code(only)}: ${strong}${rest}`
  const changes = changesOf(hosts, groups)
  const where = changes.length > 0 ? lettersOf(changes) : someNames(hosts)
  return `${strong} on ${counted(hosts.length, 'host')} (${where})${rest}`
}

/** What a danger says at length, and what somebody wrote down about the host; empty: nothing. */
export function furtherText({ why, detail, note }: Danger): string {
  return [detail === why ? '' : detail, note === '' ? '' : `note: ${note}`].filter((part) => part !== '').join('\n')
}
