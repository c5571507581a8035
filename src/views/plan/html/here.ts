import type { Plan } from '../../../model/plan/plan-schema.ts'
import { type Html, markup, nothing } from '../../markup/html.ts'
import { section } from './section.ts'
import { differenceWords, type HereEntry, hereOf, hereTitle, nothingHere } from '../here/entries.ts'

const marks: Readonly<Record<HereEntry['mark'], Html>> = {
  new: markup` <span class="tag bad">new</span>`,
  gone: markup` <span class="tag">gone</span>`,
  same: nothing,
}

/** What applying the plan runs on the machine that does it, each entry whole. */
export function hereSection(plan: Plan, hide: (text: string) => string): Html {
  const here = hereOf(plan)
  const words = [here.counts === '' ? nothingHere : here.counts, differenceWords(here)].filter((part) => part !== '')
  const entries = here.entries.map(
    ({ mark, label, what }) => markup`<li>${label}${marks[mark]}<pre>${hide(what)}</pre></li>
`,
  )
  return section(hereTitle, [
    markup`<p>${words.join(', ')}.</p>
`,
    ...(entries.length === 0
      ? []
      : [
          markup`<ul>
${entries}</ul>`,
        ]),
  ])
}
