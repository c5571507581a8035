import { counted } from '../../terminal/amounts.ts'
import type { ChangeGroup } from '../groups.ts'
import type { Page } from './rows.ts'
import type { Item, Part, Topic } from '../topic.ts'
import { topicsOf, unknownOf } from '../topics.ts'
import { displayWidth, hang, pad } from '../../terminal/width.ts'

const nameColumnAtMost = 32

/** One change in full: every package, unit, entry, name and port, why, and the differences of texts. */
export function detailLines(group: ChangeGroup, { paint, width }: Pick<Page, 'paint' | 'width'>): readonly string[] {
  const [first, ...rest] = group.hosts
  const others = rest.length === 0 ? '' : ` and ${counted(rest.length, 'more host')}`
  const topics = topicsOf(group)
  const unknown = unknownOf(group)
  const missing = [...unknown.names, ...unknown.minor]
  const patches = topics.flatMap(({ about, parts }) => (about === 'etc' ? parts.flatMap(({ items }) => items) : []))
  return [
    paint('strong', `Change of ${first}${others}`),
    ...topics.flatMap((topic) => topicLines(topic, { paint, width })),
    ...(missing.length === 0 ? [] : hang('  not known: ', missing.join(', '), width)),
    ...patches.flatMap(({ name, patch }) => (patch === null ? [] : patchLines(`/etc/${name}`, patch, paint))),
  ]
}

function topicLines(topic: Topic, { paint, width }: Pick<Page, 'paint' | 'width'>): readonly string[] {
  const { title, parts, predicted } = topic
  const head = `  ${title}${predicted ? ' (predicted)' : ''}`
  const [only, ...others] = parts.flatMap(({ verb, items }) => (verb === '' ? items : [])).map(told)
  if (parts.length === 1 && only !== undefined && others.length === 0) return hang(`${head}: `, only, width)
  const lines =
    topic.about === 'packages' ? packageLines(topic, width) : parts.flatMap((part) => partLines(part, width))
  return [`  ${title}${paint('faint', predicted ? ' (predicted)' : '')}`, ...lines]
}

function partLines({ verb, weight, items }: Part, width: number): readonly string[] {
  if (verb === '') return items.flatMap((item) => hang('    ', told(item), width))
  const aside = weight === 'inherited' ? ', only store paths changed' : ''
  return hang('    ', `${verb} (${items.length}${aside}): ${items.map(told).join(', ')}`, width)
}

function told({ name, detail }: Item): string {
  return detail === '' ? name : `${name}: ${detail}`
}

/** `- emacs  29.1`; an asterisk marks what is on the PATH. */
function packageLines({ parts }: Topic, width: number): readonly string[] {
  const label = ({ name, chosen }: Item) => name + (chosen ? '*' : '')
  const widths = parts.flatMap(({ items }) => items.map((item) => displayWidth(label(item))))
  const column = Math.min(
    nameColumnAtMost,
    widths.reduce((widest, own) => Math.max(widest, own), 0),
  )
  return parts.flatMap(({ verb, items }) =>
    items.flatMap((item) => hang(`    ${packageMark(verb)} ${pad(label(item), column)}  `, item.detail, width)),
  )
}

function packageMark(verb: string): string {
  return { removed: '-', added: '+', up: '↑', down: '↓' }[verb] ?? '~'
}

function patchLines(name: string, patch: string, paint: Page['paint']): readonly string[] {
  return [
    `  ${name}`,
    ...patch.split('\n').map((line) => {
      const role = line.startsWith('+') ? 'good' : line.startsWith('-') ? 'bad' : 'faint'
      return `    ${paint(role, line)}`
    }),
  ]
}
