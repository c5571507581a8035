import { counted } from '../../terminal/amounts.ts'
import { attentionBlock, type AttentionEntry } from '../../terminal/attention.ts'
import { type Danger, foldDangers, summaryOf } from '../../terminal/danger.ts'
import { someOf } from '../../terminal/names.ts'
import { dangersOf } from '../dangers.ts'
import { lettersOf } from '../letters.ts'
import { changesOf } from '../reach.ts'
import type { Page } from './page.ts'

/** More dangers of one kind than this are one entry, unless everything is asked for. */
const alikeAtMost = 5

/** What may hurt: an entry for each danger, the host or the kind of danger in front; nothing where nothing may. */
export function attentionLines(page: Page): readonly string[] {
  const dangers = foldDangers(dangersOf(page.plan), page.verbose ? Infinity : alikeAtMost)
  return attentionBlock(
    dangers.map((danger) => entryOf(danger, page)),
    page,
  )
}

/** One host is its own label; of many the kind of danger is, and of the whole plan how bad it is. */
function entryOf(danger: Danger, { verbose, groups }: Page): AttentionEntry {
  const { hosts, role, kind, why } = danger
  const common = { role, more: furtherTexts(danger, verbose) }
  const [only = '', ...others] = hosts
  if (hosts.length === 0) return { ...common, label: kind, text: why }
  if (others.length === 0) return { ...common, label: only, text: summaryOf(danger) }
  const changes = changesOf(hosts, groups)
  const where = changes.length > 0 && !verbose ? lettersOf(changes) : someOf(hosts, verbose)
  const who = counted(hosts.length, 'host')
  if (kind === '') return { ...common, label: who, text: `${why} (${where})` }
  return { ...common, label: kind, text: `${who}${why === '' ? '' : `: ${why}`} (${where})` }
}

/** What the danger says at length, and what somebody wrote down about the host. */
function furtherTexts({ why, detail, note, traces }: Danger, verbose: boolean): readonly string[] {
  const texts = [detail === why ? '' : detail, note === '' ? '' : `note: ${note}`, ...(verbose ? traces : [])]
  return texts.filter((text) => text !== '')
}
