import { counted } from '../../terminal/amounts.ts'
import { tellChange } from '../change-text.ts'
import { code, fence, folded, prose } from '../../markup/markdown.ts'
import type { ChangeGroup } from '../groups.ts'
import type { Likeness, Likenesses } from '../likeness.ts'
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

/** One change with its hosts, folded: its letter, its hosts and what it is in one line, then everything about it. */
export function groupMarkdown(group: ChangeGroup, depth: GroupDepth, likenesses: Likenesses): string {
  const { hosts, letter } = group
  const unknown = unknownOf(group)
  const missing = [...unknown.names, ...unknown.minor]
  const topics = topicsOf(group)
  const lines = topics.flatMap((topic) =>
    topic.about === 'packages' ? [] : topicLines(topic, depth, likenesses.get(topic.about)),
  )
  const body = [
    ...(hosts.length > hostsInSummary ? [[hostLine(hosts, depth), '']] : []),
    ...topics.flatMap((topic) =>
      topic.about === 'packages' ? [packageBlock(topic, depth, likenesses.get(topic.about))] : [],
    ),
    [...lines, ...(missing.length === 0 ? [] : [`- **unknown**: ${missing.join(', ')}`])],
    ...patchBlocks(group, depth),
  ]
  const who = hosts.length > hostsInSummary ? counted(hosts.length, 'host') : hosts.map(prose).join(', ')
  const title = letter === '' ? who : `${letter}: ${who}`
  const told = tellChange(group, likenesses).replaceAll(hardSpace, ' ')
  return folded(`<b>${title}</b>: ${prose(truncate(told, summaryAtMost))}`, body.flat())
}

function hostLine(hosts: readonly string[], { all }: GroupDepth): string {
  const rest = hosts.length - hostsAtMost
  if (all || rest <= 1) return hosts.map(code).join(', ')
  return `${hosts.slice(0, hostsAtMost).map(code).join(', ')} and ${counted(rest, 'more host')}`
}

/** Packages as a difference, which GitHub colours: `-` removed, `+` added, `!` another version. */
function packageBlock(topic: Topic, { all }: GroupDepth, likeness: Likeness | undefined): readonly string[] {
  const parts = likeness === undefined ? topic.parts : [...likeness.instead, ...likeness.more]
  const lines = parts.flatMap((part) => {
    const gone = part.weight === 'gone' ? part.items.slice(0, namesAtMost) : []
    const isWhole = all || likeness !== undefined
    const shown = isWhole ? part.items : [...new Set([...gone, ...part.items.filter(({ notable }) => notable)])]
    return shown.map((item) => packageLine(part.verb, item))
  })
  const rest = parts.reduce((sum, { items }) => sum + items.length, 0) - lines.length
  const more = rest === 0 ? [] : [`# ${counted(rest, 'more package')}`]
  const aside = [
    ...(topic.predicted ? ['predicted'] : []),
    ...(parts.some(({ items }) => items.some(({ chosen }) => chosen)) ? ['&#42; on the system’s PATH'] : []),
  ]
  const title = `**packages**${aside.length === 0 ? '' : ` (${aside.join('; ')})`}`
  const head = likeness === undefined ? title : `${title}: ${likenessText(likeness)}`
  const body = [...lines, ...more]
  return body.length === 0 ? [head, ''] : [head, '', ...fence('diff', body), '']
}

/** `as listed for A, without jq`; what differs otherwise follows. */
function likenessText({ letter, instead, more, without }: Likeness): string {
  const lacking = without.length === 0 ? '' : `, without ${without.map(code).join(', ')}`
  const further = instead.length > 0 ? ', but' : more.length > 0 ? ', and' : ''
  return `as listed for ${letter}${lacking}${further}`
}

function packageLine(verb: string, { name, detail, chosen }: Item): string {
  const mark = { removed: '-', added: '+' }[verb] ?? '!'
  const words = [mark, chosen ? `${name}*` : name, detail, verb === 'down' ? '(downgrade)' : '']
  return words.filter((word) => word !== '').join(' ')
}

function topicLines(topic: Topic, depth: GroupDepth, likeness: Likeness | undefined): readonly string[] {
  const head = `- **${topic.title}**${topic.predicted ? ' (predicted)' : ''}`
  const parts = likeness === undefined ? topic.parts : [...likeness.instead, ...likeness.more]
  const texts = parts.map((part) => partText(part, depth))
  if (likeness !== undefined) return [`${head}: ${likenessText(likeness)}`, ...texts.map((text) => `  - ${text}`)]
  const [only, ...others] = texts
  if (only === undefined || others.length === 0) return [`${head}: ${only ?? ''}`]
  return [head, ...[only, ...others].map((text) => `  - ${text}`)]
}

function partText({ verb, weight, items }: Part, { all }: GroupDepth): string {
  if (verb === '') return items.map(({ name, detail }) => prose(detail === '' ? name : `${name}: ${detail}`)).join('; ')
  const aside = weight === 'inherited' ? ' (only store paths changed)' : ''
  if (weight === 'inherited' && !all) return `${verb} ${items.length}${aside}`
  const shown = all ? items : items.slice(0, namesAtMost)
  const rest = items.length - shown.length
  const names = shown.map(({ name, aside }) => (aside === '' ? code(name) : `${code(name)} (${prose(aside)})`))
  return `${verb} ${names.join(', ')}${rest === 0 ? '' : ` and ${rest} more`}${aside}`
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
