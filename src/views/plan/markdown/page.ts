import type { Plan } from '../../../model/plan/plan-schema.ts'
import { code } from '../../markup/markdown.ts'
import { grouped } from '../../terminal/amounts.ts'
import type { Danger } from '../../terminal/danger.ts'
import type { Remark } from '../dangers.ts'
import type { ChangeGroup } from '../groups.ts'

/** What a page is made of, whatever is left out of it. */
export interface Page {
  readonly plan: Plan
  readonly groups: readonly ChangeGroup[]
  readonly dangers: readonly Danger[]
  readonly remarks: readonly Remark[]
  /** A text without logins and addresses, which only the plan file tells. */
  readonly hide: (text: string) => string
  readonly maxBytes: number
}

/** Columns of a sentence where there is little room. */
export const summaryAtMost = 160
/** Columns of a name where there is little room. */
export const nameAtMost = 48
/** More than this, or more than one line, stands among the notes. */
const sentenceAtMost = 240
const hostsAtMost = 10

/** Names as code: the first ten and the number of the rest. */
export function someNames(names: readonly string[]): string {
  const rest = names.length - hostsAtMost
  if (rest <= 1) return names.map(code).join(', ')
  return `${names.slice(0, hostsAtMost).map(code).join(', ')} and ${grouped(rest)} more`
}

/** Whether a text has room beside what it is about. */
export function isSentence(text: string): boolean {
  return !text.includes('\n') && text.length <= sentenceAtMost
}
