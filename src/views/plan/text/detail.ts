import { cleanLine } from '../../../model/text/text.ts'
import { withoutEnd } from '../../../model/text/without-end.ts'
import { displayWidth, hang, pad } from '../../terminal/width.ts'
import type { ChangeGroup } from '../groups.ts'
import type { Item, Part, Topic } from '../topic.ts'
import { topicsOf, unknownOf } from '../topics.ts'
import type { Page } from './page.ts'

const nameColumnAtMost = 32

/** One change in full, behind so many columns: every package, unit, entry, name and port, why, the differences of texts, and the paths of each host. */
export function detailLines(group: ChangeGroup, indent: number, page: Page): readonly string[] {
  const { width, paint } = page
  const topics = topicsOf(group)
  const unknown = unknownOf(group)
  const missing = [...unknown.names, ...unknown.minor]
  const patches = topics.flatMap(({ about, parts }) => (about === 'etc' ? parts.flatMap(({ items }) => items) : []))
  const before = ' '.repeat(indent)
  return [
    ...topics.flatMap((topic) => topicLines(topic, before, page)),
    ...(missing.length === 0 ? [] : hang(`${before}unknown: `, missing.join(', '), width)),
    ...patches.flatMap(({ name, patch }) => (patch === null ? [] : patchLines(`/etc/${name}`, patch, before, paint))),
    ...group.hosts.flatMap((name, index) => pathLines(name, group.members[index], before, page)),
  ]
}

function topicLines(topic: Topic, before: string, { width, paint }: Page): readonly string[] {
  const { title, parts, predicted } = topic
  const head = `${before}${title}${predicted ? ' (predicted)' : ''}`
  const [only, ...others] = parts.flatMap(({ verb, items }) => (verb === '' ? items : [])).map(told)
  if (parts.length === 1 && only !== undefined && others.length === 0) return hang(`${head}: `, only, width)
  const lines =
    topic.about === 'packages'
      ? packageLines(topic, before, width)
      : parts.flatMap((part) => partLines(part, before, width))
  return [`${before}${title}${paint('faint', predicted ? ' (predicted)' : '')}`, ...lines]
}

function partLines({ verb, weight, items }: Part, before: string, width: number): readonly string[] {
  if (verb === '') return items.flatMap((item) => hang(`${before}  `, told(item), width))
  const aside = weight === 'inherited' ? ', only store paths changed' : ''
  return hang(`${before}  `, `${withoutEnd(verb, ':')} (${items.length}${aside}): ${items.map(told).join(', ')}`, width)
}

function told({ name, detail, aside }: Item): string {
  const said = detail === '' ? name : `${name}: ${detail}`
  return aside === '' ? said : `${said} (${aside})`
}

/** `- emacs  29.1`; an asterisk marks what is on the PATH. */
function packageLines({ parts }: Topic, before: string, width: number): readonly string[] {
  const label = ({ name, chosen }: Item) => name + (chosen ? '*' : '')
  const widths = parts.flatMap(({ items }) => items.map((item) => displayWidth(label(item))))
  const column = Math.min(
    nameColumnAtMost,
    widths.reduce((widest, own) => Math.max(widest, own), 0),
  )
  return parts.flatMap(({ verb, items }) =>
    items.flatMap((item) => hang(`${before}  ${packageMark(verb)} ${pad(label(item), column)}  `, item.detail, width)),
  )
}

function packageMark(verb: string): string {
  return { removed: '-', added: '+', up: '↑', down: '↓' }[verb] ?? '~'
}

function patchLines(name: string, patch: string, before: string, paint: Page['paint']): readonly string[] {
  return [
    `${before}${name}`,
    ...patch.split('\n').map((line) => {
      const role = line.startsWith('+') ? 'good' : line.startsWith('-') ? 'bad' : 'faint'
      return `${before}  ${paint(role, line)}`
    }),
  ]
}

/** What a host goes from and to, and what is noted about it. */
function pathLines(
  name: string,
  host: ChangeGroup['host'] | undefined,
  before: string,
  { paint, width }: Page,
): readonly string[] {
  if (host === undefined) return []
  return [
    `${before}${name}`,
    paint('faint', `${before}  from ${cleanLine(host.from.system)}`),
    paint('faint', `${before}  to   ${cleanLine(host.to.system)}`),
    ...host.notes.flatMap((note) =>
      note.severity === 'info' ? hang(`${before}  `, `note: ${cleanLine(note.summary)}`, width) : [],
    ),
  ]
}
