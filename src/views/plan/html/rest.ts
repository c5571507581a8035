import type { Plan } from '../../../model/plan/plan-schema.ts'
import { cleanLine } from '../../../model/text/text.ts'
import { type Html, markup, nothing } from '../../markup/html.ts'
import { counted } from '../../terminal/amounts.ts'
import { checksLine } from '../checks.ts'
import { leftOutOf, upToDateOf } from '../rest.ts'
import { fewHostNames } from './group.ts'

/** What is left to say: which hosts are up to date, which are not in the plan, notes, and what is checked. */
export function restSection(plan: Plan): Html {
  const checks = checksLine(plan, { all: true, hint: '' })
  const notes = notesOf(plan)
  const parts = [
    ...upToDateOf(plan).map(({ words, names }) => hostsHtml(words, names)),
    ...[...leftOutOf(plan)].map(([reason, hosts]) => hostsHtml(`Not in this plan (${reason})`, hosts)),
    ...(checks === ''
      ? []
      : [
          markup`<p>${checks}</p>
`,
        ]),
    ...(notes.length === 0
      ? []
      : [
          markup`<details><summary>${counted(notes.length, 'note')}</summary><ul>${notes}</ul></details>
`,
        ]),
  ]
  return parts.length === 0
    ? nothing
    : markup`<section class="rest">
${parts}</section>`
}

/** Hosts that are few stand in the line, many are folded behind their number. */
function hostsHtml(words: string, hosts: readonly string[]): Html {
  return markup`<div class="what"><p>${words}:</p>${fewHostNames(hosts)}</div>
`
}

/** What is worth knowing of a host and no danger. */
function notesOf({ body }: Plan): readonly Html[] {
  return Object.entries(body.hosts).flatMap(([name, { notes }]) =>
    notes.flatMap(({ severity, summary, code }) =>
      // The operator's own note stands with the failure it is for.
      severity === 'info' && code !== 'plan/console'
        ? [markup`<li><code>${cleanLine(name)}</code> ${cleanLine(summary)}</li>`]
        : [],
    ),
  )
}
