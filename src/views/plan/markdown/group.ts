import { counted } from '../../terminal/amounts.ts'
import { tellChange } from '../change-text.ts'
import { code, fence, folded, prose } from '../../markup/markdown.ts'
import type { ChangeGroup } from '../groups.ts'
import type { Item, Part, Topic } from '../topic.ts'
import { topicsOf, unknownOf } from '../topics.ts'
import { hardSpace, truncate } from '../../terminal/width.ts'

/** How much of a change is shown. */
export interface GroupDepth {
  /** Lines of each text difference; 0: none. */
  readonly patchLines: number
  /** False: notable packages, and names where something of its own happens. */
  readonly all: boolean
}

const hostsInSummary = 3
const hostsAtMost = 50
const namesAtMost = 20
const summaryAtMost = 240

/** One change with its hosts, folded: what it is in one line, then everything about it. */
export function groupMarkdown(group: ChangeGroup, depth: GroupDepth): string {
  const { hosts } = group
  const unknown = unknownOf(group)
  const missing = [...unknown.names, ...unknown.minor]
  const lines = topicsOf(group).flatMap((topic) => (topic.about === 'packages' ? [] : topicLines(topic, depth)))
  const body = [
    ...(hosts.length > hostsInSummary ? [[hostLine(hosts, depth), '']] : []),
    ...packageBlock(group, depth),
    [...lines, ...(missing.length === 0 ? [] : [`- **not known**: ${missing.join(', ')}`])],
    ...patchBlocks(group, depth),
  ]
  const who = hosts.length > hostsInSummary ? counted(hosts.length, 'host') : hosts.map(prose).join(', ')
  return folded(
    `<b>${who}</b>: ${prose(truncate(tellChange(group).replaceAll(hardSpace, ' '), summaryAtMost))}`,
    body.flat(),
  )
}

function hostLine(hosts: readonly string[], { all }: GroupDepth): string {
  const rest = hosts.length - hostsAtMost
  if (all || rest <= 1) return hosts.map(code).join(', ')
  return `${hosts.slice(0, hostsAtMost).map(code).join(', ')} and ${counted(rest, 'more host')}`
}

/** Packages as a difference, which GitHub colours: `-` removed, `+` added, `!` another version. */
function packageBlock(group: ChangeGroup, { all }: GroupDepth): readonly (readonly string[])[] {
  const topic = topicsOf(group).find(({ about }) => about === 'packages')
  if (topic === undefined) return []
  const lines = topic.parts.flatMap((part) => {
    const gone = part.weight === 'gone' ? part.items.slice(0, namesAtMost) : []
    const shown = all ? part.items : [...new Set([...gone, ...part.items.filter(({ notable }) => notable)])]
    return shown.map((item) => packageLine(part.verb, item))
  })
  const rest = topic.parts.reduce((sum, { items }) => sum + items.length, 0) - lines.length
  const more = rest === 0 ? [] : [`# ${counted(rest, 'more package')}`]
  const aside = [
    ...(topic.predicted ? ['predicted'] : []),
    ...(topic.parts.some(({ items }) => items.some(({ chosen }) => chosen)) ? ['&#42; on the system’s PATH'] : []),
  ]
  const title = `**packages**${aside.length === 0 ? '' : ` (${aside.join('; ')})`}`
  return [[title, '', ...fence('diff', [...lines, ...more]), '']]
}

function packageLine(verb: string, { name, detail, chosen }: Item): string {
  const mark = { removed: '-', added: '+' }[verb] ?? '!'
  const words = [mark, chosen ? `${name}*` : name, detail, verb === 'down' ? '(downgrade)' : '']
  return words.filter((word) => word !== '').join(' ')
}

function topicLines({ title, parts, predicted }: Topic, depth: GroupDepth): readonly string[] {
  const head = `- **${title}**${predicted ? ' (predicted)' : ''}`
  const [only, ...others] = parts.map((part) => partText(part, depth))
  if (only === undefined || others.length === 0) return [`${head}: ${only ?? ''}`]
  return [head, ...[only, ...others].map((text) => `  - ${text}`)]
}

function partText({ verb, weight, items }: Part, { all }: GroupDepth): string {
  if (verb === '') return items.map(({ name, detail }) => prose(detail === '' ? name : `${name}: ${detail}`)).join('; ')
  const aside = weight === 'inherited' ? ' (only store paths changed)' : ''
  if (weight === 'inherited' && !all) return `${verb} ${items.length}${aside}`
  const shown = all ? items : items.slice(0, namesAtMost)
  const rest = items.length - shown.length
  return `${verb} ${shown.map(({ name }) => code(name)).join(', ')}${rest === 0 ? '' : ` and ${rest} more`}${aside}`
}

function patchBlocks(group: ChangeGroup, { patchLines }: GroupDepth): readonly (readonly string[])[] {
  if (patchLines === 0) return []
  const entries = topicsOf(group).flatMap(({ about, parts }) =>
    about === 'etc' ? parts.flatMap(({ items }) => items) : [],
  )
  return entries.flatMap(({ name, patch }) => {
    if (patch === null) return []
    const lines = patch.split('\n')
    const rest = lines.length - patchLines
    const shown = rest > 0 ? [...lines.slice(0, patchLines), `… ${counted(rest, 'more line')}`] : lines
    return [['', code(`/etc/${name}`), '', ...fence('diff', shown)]]
  })
}
