import { cleanLine } from '../../../model/text/text.ts'
import { code, fence, folded, prose } from '../../markup/markdown.ts'
import { counted } from '../../terminal/amounts.ts'
import { checksLine } from '../checks.ts'
import { leftOutOf, upToDateOf } from '../rest.ts'
import { dangerHead, furtherText } from './attention.ts'
import { isSentence, type Page, someNames } from './page.ts'

/** What is left to say: notes in a fold, which hosts are up to date, which are not in the plan, and what is checked. */
export function restBlocks(page: Page): readonly string[] {
  const { plan } = page
  const lines = [
    ...upToDateOf(plan).map(({ words, names }) => `${prose(words)}: ${someNames(names)}.`),
    ...[...leftOutOf(plan)].map(([reason, hosts]) => `Not in this plan: ${someNames(hosts)} (${prose(reason)}).`),
    prose(checksLine(plan, { all: false, hint: '' })),
  ].filter((line) => line !== '')
  return [...notes(page), ...(lines.length === 0 ? [] : [lines.join('  \n')])]
}

/** What the dangers and remarks say at length, and what is worth knowing and no danger. */
function notes(page: Page): readonly string[] {
  const { plan, dangers, remarks } = page
  const long = dangers.flatMap((danger) => {
    const further = furtherText(danger)
    // A sentence stands in the alert already.
    return further === '' || isSentence(further) ? [] : [noteLines(dangerHead(danger, page), further)]
  })
  const remarked = remarks.flatMap(({ summary, detail }) => (detail === '' ? [] : [noteLines(prose(summary), detail)]))
  const infos = Object.entries(plan.body.hosts).flatMap(([name, host]) =>
    host.notes.flatMap(({ severity, summary, code: kind }) =>
      // The operator's own note stands with the failure it is for.
      severity === 'info' && kind !== 'plan/console'
        ? [[`- ${code(cleanLine(name))}: ${prose(cleanLine(summary))}`]]
        : [],
    ),
  )
  const all = [...long, ...remarked, ...infos]
  return all.length === 0 ? [] : [folded(counted(all.length, 'note'), all.flat())]
}

/** A sentence stands beside what it is about; more than that keeps its own lines. */
function noteLines(head: string, text: string): readonly string[] {
  return isSentence(text) ? [`- ${head}. ${prose(text)}`] : [`- ${head}`, '', ...fence('text', text.split('\n')), '']
}
