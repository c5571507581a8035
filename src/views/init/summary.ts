import type { Proposal, Remark } from '../../model/inventory/proposal.ts'
import { cleanLine } from '../../model/text/text.ts'
import { labelColumn, labelled } from '../terminal/labelled.ts'
import { nextBlock } from '../terminal/next-block.ts'
import { paintFor } from '../terminal/paint.ts'

/** A subject that is wider has a line of its own. */
const subjectAtMost = 24

interface Style {
  readonly color: boolean
  readonly width: number
}

/** What `fleet init` did, what it left out or changed and why, and what to type next. */
export function initSummary(file: string, { file: fleet, remarks }: Proposal, { color, width }: Style): string {
  const paint = paintFor(color)
  const hosts = Object.values(fleet.hosts)
  const disabled = hosts.filter((host) => host?.enabled === false).length
  const counts = [
    count(hosts.length, 'host') + (disabled === 0 ? '' : ` (${disabled} disabled)`),
    ...(fleet.groups === undefined ? [] : [count(Object.keys(fleet.groups).length, 'group')]),
    count(fleet.waves?.length ?? 1, 'wave'),
  ]
  const next = [
    { command: 'fleet validate', why: 'after an edit: every problem at once' },
    { command: 'fleet plan --offline', why: 'does every host evaluate? Contacts none' },
    { command: 'fleet status', why: 'can fleet log in? What does every host run?' },
  ]
  return [
    `${file === '-' ? 'A fleet.yaml' : `Wrote ${file}`}: ${counts.join(', ')}.`,
    '',
    ...remarkLines(remarks, width),
    ...nextBlock(next, { paint, width }),
    '',
  ].join('\n')
}

function remarkLines(remarks: readonly Remark[], width: number): readonly string[] {
  if (remarks.length === 0) return []
  const shown = remarks.map(({ subject, text }) => ({ subject: cleanLine(subject), text: cleanLine(text) }))
  const column = labelColumn(
    shown.map(({ subject }) => subject).filter(({ length }) => length <= subjectAtMost),
    subjectAtMost,
  )
  const lines = shown.flatMap(({ subject, text }) => labelled(subject, text, { indent: 2, column, width }))
  return ['Left out, or not as it was:', ...lines, '']
}

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`
}
