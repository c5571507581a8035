import { outdented } from '../../terminal/labelled.ts'
import { someOf } from '../../terminal/names.ts'
import { displayWidth } from '../../terminal/width.ts'
import { checksLine } from '../checks.ts'
import { leftOutOf, upToDateOf } from '../rest.ts'
import type { Page } from './page.ts'

/** Between sentences that share a line. */
const between = '   '

/** What is left to say, in a line where it fits: which hosts are up to date, which are not in the plan, and what is checked. */
export function restLines({ plan, verbose, width, paint }: Page): readonly string[] {
  const sentences = [
    ...upToDateOf(plan).map(({ words, names }) => `${words}: ${someOf(names, verbose)}.`),
    ...[...leftOutOf(plan)].map(([reason, hosts]) => `Not in this plan: ${someOf(hosts, verbose)} (${reason}).`),
    checksLine(plan, { all: verbose, hint: ' (--verbose lists them)' }),
  ].filter((sentence) => sentence !== '')
  const line = sentences.join(between)
  const lines = displayWidth(line) <= width ? [line] : sentences.flatMap((sentence) => outdented(sentence, width))
  return lines.filter((text) => text !== '').map((text) => paint('faint', text))
}
