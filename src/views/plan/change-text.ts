import { counted } from '../terminal/amounts.ts'
import type { ChangeGroup } from './groups.ts'
import type { Likeness, Likenesses } from './likeness.ts'
import type { About, Item, Part, Topic } from './topic.ts'
import { topicsOf, unknownOf } from './topics.ts'
import { hardSpace } from '../terminal/width.ts'

/** How many names of a kind a line may hold before the rest is counted. */
const namedAtMost = 5
/** What is removed is missed later, so more of it is named. */
const goneAtMost = 12
/** Names that take part with nothing but other store paths. */
const inheritedAtMost = 2

/** One part of a change: what it is about, and what happens, each kind of it on a line. */
export interface ChangeRow {
  readonly title: string
  /** What stands before the text where there is no column of titles; empty where the text says it. */
  readonly lead: string
  readonly text: string
}

/** A change as a small table. */
export interface ChangeTable {
  /** What is true of all of it: how it takes effect, that it is predicted; empty: nothing. */
  readonly remark: string
  readonly rows: readonly ChangeRow[]
}

/** A group's change part by part: packages first, then units, size and the rest, and what is unknown; long lists by those of an earlier change. */
export function changeTable(group: ChangeGroup, likenesses: Likenesses = new Map()): ChangeTable {
  const unknown = unknownOf(group)
  const topics = topicsOf(group)
  if (unknown.everything && topics.length === 0)
    return { remark: 'new system; what changes in it is unknown', rows: [] }
  const compared = topics.filter(({ about }) => isCompared(about))
  const marked = compared.filter(({ about }) => !isSize(about))
  // Said once for all of them rather than after each.
  const allPredicted = marked.length > 0 && marked.every((topic) => topic.predicted)
  const aside = (topic: Topic, text: string) =>
    topic.predicted && !allPredicted ? text + (text.includes('\n') ? '\n(all predicted)' : predicted) : text
  const rowsOf = (some: readonly Topic[]) =>
    some.map((topic) => ({
      title: topic.title,
      lead: likenesses.has(topic.about) ? `${topic.title} ` : leadOf(topic),
      text: aside(topic, tellTopic(topic, likenesses)),
    }))
  const sizes = compared.filter(({ about }) => isSize(about)).map(tellSize)
  // Where packages change they are the cause, and the details name what each of them rebuilds.
  const isExplained = compared.some(({ about }) => about === 'packages')
  const rest = topics.filter(({ about }) => about === 'reboot' || (about === 'causes' && !isExplained))
  const early = marked.filter(({ about }) => about === 'packages' || about === 'units')
  const late = marked.filter(({ about }) => about !== 'packages' && about !== 'units')
  return {
    remark: [
      ...topics.filter(({ about }) => isFirst(about)).map(tellSentences),
      ...(topics.length === 0 ? [nothingFound(group)] : []),
      ...(allPredicted || (topics.length === 0 && group.members.some(({ diff }) => !diff.exact)) ? ['predicted'] : []),
    ].join('; '),
    rows: [
      ...rowsOf(early),
      ...(sizes.length === 0 ? [] : [{ title: 'size', lead: '', text: sizes.join('; ') }]),
      ...rowsOf(late),
      ...rowsOf(rest),
      ...(unknown.names.length === 0 ? [] : [{ title: 'unknown', lead: 'unknown: ', text: unknown.names.join(', ') }]),
    ],
  }
}

/** The same in one line, for the summary of a fold. */
export function tellChange(group: ChangeGroup, likenesses: Likenesses = new Map()): string {
  const { remark, rows } = changeTable(group, likenesses)
  const texts = rows.map(({ lead, text }) => lead + text.replaceAll('\n(', ' (').replaceAll('\n', '; '))
  return [...(remark === '' ? [] : [remark]), ...texts].join('; ')
}

function leadOf({ about, title }: Topic): string {
  switch (about) {
    case 'packages':
    case 'units':
    case 'causes':
      return ''
    case 'reboot':
      return `${title} `
    default:
      return `${title}: `
  }
}

const predicted = `${hardSpace}(predicted)`

/** How the change is meant, before what it is. */
function isFirst(about: About): boolean {
  return about === 'mode' || about === 'kind'
}

/** What is worked out by comparing two systems, and may be a prediction. */
function isCompared(about: About): boolean {
  return !isFirst(about) && about !== 'reboot' && about !== 'causes'
}

function isSize(about: About): boolean {
  return about === 'sizeDelta' || about === 'download'
}

function tellSize(topic: Topic): string {
  const what = topic.about === 'download' ? 'to download' : 'closure'
  return `${topic.predicted ? `≈${hardSpace}` : ''}${tellSentences(topic)} ${what}`
}

/** The systems differ, though nothing that is looked at does. */
function nothingFound({ host: { diff } }: ChangeGroup): string {
  const what = diff.kind === 'configuration' ? 'only the configuration changes' : 'new system'
  return `${what}; no difference in the parts fleet could compare`
}

function tellTopic(topic: Topic, likenesses: Likenesses): string {
  const likeness = likenesses.get(topic.about)
  if (likeness !== undefined) return tellLikeness(topic, likeness)
  return tellParts(topic, topic.parts)
}

function tellParts(topic: Topic, parts: readonly Part[]): string {
  switch (topic.about) {
    case 'packages':
      return tellPackages(parts)
    case 'units':
      return parts.map((part) => tellVerb(part, 'unit', 'units')).join('\n')
    case 'firewall':
      return parts.map((part) => tellVerb(part, 'port', 'ports')).join(', ')
    case 'etc':
    case 'users':
    case 'groups':
    case 'specialisations':
      return tellNames(parts)
    case 'causes':
      return tellCauses(parts)
    case 'reboot':
      return parts.flatMap(({ items }) => items.map(({ name }) => name)).join(', ')
    default:
      return tellSentences(topic)
  }
}

/** `as listed for A, and forgejo 11.0.7 → 11.0.8`. */
function tellLikeness(topic: Topic, { letter, instead, more, without }: Likeness): string {
  const told = (parts: readonly Part[]) => tellParts(topic, parts).replaceAll('\n', ', ')
  return [
    `as${hardSpace}listed${hardSpace}for${hardSpace}${letter}`,
    ...(instead.length === 0 ? [] : [`but ${told(instead)}`]),
    ...(more.length === 0 ? [] : [`and ${told(more)}`]),
    ...(without.length === 0 ? [] : [`without ${without.join(', ')}`]),
  ].join(', ')
}

function tellSentences({ parts }: Pick<Topic, 'parts'>): string {
  return parts.flatMap(({ items }) => items.map(tellDetailed)).join(', ')
}

/** `- emacs 29.1, + jq 1.7, forgejo 11.0.7 → 11.0.8 and 12 more packages`. */
function tellPackages(parts: readonly Part[]): string {
  const told = parts.flatMap(({ verb, weight, items }) =>
    items.map((item) => ({ item, weight, text: tellPackage(verb, item) })),
  )
  const [gone, own] = [told.filter(({ weight }) => weight === 'gone'), told.filter(({ weight }) => weight !== 'gone')]
  const first = own.toSorted((a, b) => rank(a.item) - rank(b.item))
  const shown = [...gone.slice(0, goneAtMost), ...first.slice(0, namedAtMost)].map(({ text }) => text)
  const [goneLeft, left] = [gone.length - goneAtMost, first.length - namedAtMost]
  const rest = [
    ...(goneLeft > 0 ? [`${counted(goneLeft, 'more package')} removed`] : []),
    ...(left > 0 ? [counted(left, 'more package')] : []),
  ]
  return [shown.join(', '), ...rest].join(' and ')
}

function rank({ notable, chosen }: Item): number {
  return notable ? 0 : chosen ? 1 : 2
}

function tellPackage(verb: string, { name, detail }: Item): string {
  const mark = verb === 'removed' ? `-${hardSpace}` : verb === 'added' ? `+${hardSpace}` : ''
  const versions = detail === '' ? '' : `${hardSpace}${detail.replaceAll(' ', hardSpace)}`
  return mark + name + versions + (verb === 'down' ? `${hardSpace}(downgrade)` : '')
}

function tellVerb({ verb, weight, items }: Part, noun: string, plural: string): string {
  const names = items.map(({ name, aside }) => (aside === '' ? name : `${name} (${aside})`))
  const text = named(names, limitOf(weight), noun, plural)
  const aside = weight === 'inherited' ? ' (only store paths changed)' : ''
  return (verb === '' ? names.join(', ') : `${verb} ${text}`) + aside
}

function limitOf(weight: Part['weight']): number {
  return { gone: goneAtMost, own: namedAtMost, inherited: inheritedAtMost }[weight]
}

/** `localtime removed, hosts changed, 37 entries by store paths only`. */
function tellNames(parts: readonly Part[]): string {
  const own = parts.filter(({ weight }) => weight !== 'inherited')
  const texts = own.map(({ verb, weight, items }) =>
    named(
      items.map(({ name }) => `${name}${hardSpace}${verb}`),
      limitOf(weight),
      verb,
      verb,
    ),
  )
  const inherited = parts.reduce((sum, { weight, items }) => sum + (weight === 'inherited' ? items.length : 0), 0)
  const rest = inherited === 0 ? [] : [`${counted(inherited, 'entry', 'entries')} by store paths only`]
  return [...texts, ...rest].join(', ')
}

function tellDetailed({ name, detail }: Item): string {
  return detail === '' ? name : `${name} ${detail}`
}

function tellCauses(parts: readonly Part[]): string {
  const all = parts.flatMap(({ items }) => items.map(({ name }) => name))
  return named(all, inheritedAtMost, 'cause', 'causes')
}

function named(names: readonly string[], limit: number, noun: string, plural: string): string {
  const rest = names.length - limit
  if (rest <= 0) return names.join(', ')
  return `${names.slice(0, limit).join(', ')} and ${counted(rest, `more ${noun}`, `more ${plural}`)}`
}
