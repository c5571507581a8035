import { counted } from '../../terminal/amounts.ts'
import { tellChange } from '../change-text.ts'
import { type Html, markup, nothing } from '../../markup/html.ts'
import type { ChangeGroup } from '../groups.ts'
import type { Likeness, Likenesses } from '../likeness.ts'
import { anchorOf, changeLink } from './change-links.ts'
import type { Item, Part, Topic } from '../topic.ts'
import { topicsOf, unknownOf } from '../topics.ts'
import { hardSpace } from '../../terminal/width.ts'

const namedAtMost = 3
const openAtMost = 12

/** Host names in a row; many are scrolled. */
function hostNames(hosts: readonly string[]): Html {
  return hosts.length === 0
    ? nothing
    : markup`<p class="hosts">${hosts.map((host) => markup`<code>${host}</code> `)}</p>`
}

/** Host names in a row; many are folded behind their number, or behind the words that are given. */
export function fewHostNames(hosts: readonly string[], words = counted(hosts.length, 'host')): Html {
  if (hosts.length <= openAtMost) return hostNames(hosts)
  return markup`<details><summary>${words}</summary>${hostNames(hosts)}</details>`
}

/** One change with its hosts: folded it is one line, open it is everything about it. */
export function groupHtml(group: ChangeGroup, isOpen: boolean, likenesses: Likenesses): Html {
  const { hosts, letter } = group
  const who = hosts.length <= namedAtMost ? hosts.join(', ') : counted(hosts.length, 'host')
  const unknown = unknownOf(group)
  const missing = [...unknown.names, ...unknown.minor]
  const reboot = group.host.diff.reboot.needed === true ? markup` <span class="tag bad">reboot</span>` : nothing
  const names = hosts.length <= namedAtMost ? nothing : fewHostNames(hosts, 'their names')
  const rest = missing.length === 0 ? nothing : markup`<dt>unknown</dt><dd class="faint">${missing.join(', ')}</dd>`
  const topics = topicsOf(group)
  const told = tellChange(group, likenesses).replaceAll(hardSpace, ' ')
  // A link to what is folded opens it only where it leads inside.
  const anchor = letter === '' ? nothing : markup`<p class="anchor" id="${anchorOf(letter)}"></p>`
  const title = letter === '' ? nothing : markup`<span class="letter">${letter}:</span> `
  return markup`<details class="change"${isOpen ? { markup: ' open' } : nothing}>
<summary><b>${title}${who}</b>${reboot}<span class="said">${told}</span></summary>
${anchor}${topics.length === 0 ? markup`<p>${told}</p>` : nothing}${names}
<dl>
${topics.map((topic) => topicHtml(topic, likenesses.get(topic.about)))}${rest}
</dl>
${patchesOf(group)}</details>
`
}

function topicHtml(topic: Topic, likeness: Likeness | undefined): Html {
  const how = topic.predicted ? markup` <span class="tag">predicted</span>` : nothing
  const parts = likeness === undefined ? topic.parts : [...likeness.instead, ...likeness.more]
  const alike = likeness === undefined ? nothing : likenessHtml(likeness)
  const body = topic.about !== 'packages' ? parts.map(partHtml) : parts.length > 0 ? [packageTable(parts)] : []
  return markup`<dt>${topic.title}${how}</dt><dd>${alike}${body}</dd>
`
}

/** `as listed for A, without jq`, where the letter is a link; what differs otherwise follows. */
function likenessHtml({ letter, instead, more, without }: Likeness): Html {
  const further = instead.length > 0 ? ', but' : more.length > 0 ? ', and' : ''
  const lacking =
    without.length === 0 ? nothing : markup`, without ${without.map((name) => markup`<code>${name}</code> `)}`
  return markup`<p>as listed for ${changeLink(letter)}${lacking}${further}</p>`
}

function partHtml({ verb, weight, items }: Part): Html {
  if (verb === '') return markup`${items.map((item) => markup`<p>${sentence(item)}</p>`)}`
  const names = markup`${items.map(({ name, aside }) => markup`<code>${name}</code>${aside === '' ? '' : ` (${aside})`} `)}`
  if (weight === 'inherited')
    return markup`<details class="inherited"><summary>${verb} ${items.length}, only store paths changed</summary><p class="names">${names}</p></details>`
  return markup`<p class="names"><span class="verb ${weight}">${verb}</span> ${names}</p>`
}

function sentence({ name, detail }: Item): string {
  return detail === '' ? name : `${name}: ${detail}`
}

function packageTable(parts: readonly Part[]): Html {
  const rows = parts.flatMap(({ verb, items }) => items.map((item) => packageRow(verb, item)))
  return markup`<table class="packages"><tbody>
${rows}</tbody></table>`
}

function packageRow(verb: string, { name, detail, chosen }: Item): Html {
  const mark = { removed: '−', added: '+', up: '↑', down: '↓' }[verb] ?? '~'
  const word = verb === 'down' ? 'downgrade' : verb
  const star = chosen ? markup`<abbr title="on the system’s PATH">*</abbr>` : nothing
  return markup`<tr class="${verb}"><td class="mark" title="${word}">${mark}</td><td><code>${name}</code>${star}</td><td>${detail}</td></tr>
`
}

function patchesOf(group: ChangeGroup): Html {
  const entries = topicsOf(group).flatMap(({ about, parts }) =>
    about === 'etc' ? parts.flatMap(({ items }) => items) : [],
  )
  return markup`${entries.flatMap(({ name, patch }) => (patch === null ? [] : [patchHtml(name, patch)]))}`
}

function patchHtml(name: string, patch: string): Html {
  const lines = patch.split('\n').map(lineHtml)
  return markup`<details class="patch" open><summary><code>/etc/${name}</code></summary><pre>${lines}</pre></details>
`
}

/** Each line is a block of its own, so that its colour fills the width. */
function lineHtml(line: string): Html {
  const text = `${line}\n`
  if (line.startsWith('+')) return markup`<ins>${text}</ins>`
  if (line.startsWith('-')) return markup`<del>${text}</del>`
  if (line.startsWith('@')) return markup`<i>${text}</i>`
  return markup`<span>${text}</span>`
}
