import { counted } from '../terminal/amounts.ts'
import type { ChangeGroup } from './groups.ts'
import type { Item, Part, Topic } from './topic.ts'
import { topicsOf, unknownOf } from './topics.ts'
import { hardSpace } from '../terminal/width.ts'

/** How many names of a kind a line may hold before the rest is counted. */
const namedAtMost = 5
/** What is removed is missed later, so more of it is named. */
const goneAtMost = 12
/** Names that take part with nothing but other store paths. */
const inheritedAtMost = 2

/** A group's change in one line: packages first, then size, units, /etc and the rest; what is not known is said to be so. */
export function tellChange(group: ChangeGroup): string {
  const unknown = unknownOf(group)
  const topics = topicsOf(group)
  if (unknown.everything && topics.length === 0) return 'what changes is not known'
  const compared = topics.filter(({ about }) => isCompared(about))
  const marked = compared.filter((topic) => !isSize(topic))
  // Said once for all of them rather than after each.
  const allPredicted = marked.length > 1 && marked.every((topic) => topic.predicted)
  const told = compared.map((topic) => {
    if (!topic.predicted) return tellTopic(topic)
    if (isSize(topic)) return `≈${hardSpace}${tellTopic(topic)}`
    return tellTopic(topic) + (allPredicted ? '' : predicted('predicted'))
  })
  // Where packages change they are the cause, and the details name what each of them rebuilds.
  const isExplained = compared.some(({ about }) => about === 'packages')
  const rest = topics.filter(
    ({ about }) => !isCompared(about) && !isFirst(about) && !(about === 'causes' && isExplained),
  )
  return [
    ...topics.filter(({ about }) => isFirst(about)).map(tellTopic),
    ...(allPredicted ? [told.join('; ') + predicted('all predicted')] : told),
    ...rest.map(tellTopic),
    ...(topics.length === 0 ? [nothingFound(group)] : []),
    ...(unknown.names.length === 0 ? [] : [`not known: ${unknown.names.join(', ')}`]),
  ].join('; ')
}

function predicted(text: string): string {
  return `${hardSpace}(${text.replaceAll(' ', hardSpace)})`
}

/** How the change is meant, before what it is. */
function isFirst(about: Topic['about']): boolean {
  return about === 'mode' || about === 'kind'
}

/** What is worked out by comparing two systems, and may be a prediction. */
function isCompared(about: Topic['about']): boolean {
  return !isFirst(about) && about !== 'reboot' && about !== 'causes'
}

function isSize({ about }: Topic): boolean {
  return about === 'sizeDelta' || about === 'download'
}

/** The systems differ, though nothing that is looked at does. */
function nothingFound({ host: { diff } }: ChangeGroup): string {
  const what = diff.kind === 'configuration' ? 'configuration only' : 'another system'
  return `${what}; no difference found in what is known${diff.exact ? '' : predicted('predicted')}`
}

function tellTopic(topic: Topic): string {
  switch (topic.about) {
    case 'packages':
      return tellPackages(topic.parts)
    case 'units':
      return topic.parts.map((part) => tellVerb(part, 'unit', 'units')).join('; ')
    case 'firewall':
      return `firewall: ${topic.parts.map((part) => tellVerb(part, 'port', 'ports')).join(', ')}`
    case 'etc':
    case 'users':
    case 'groups':
      return tellNames(topic)
    case 'inhibitors':
      return `switch inhibitors: ${tellSentences(topic)}`
    case 'causes':
      return tellCauses(topic.parts)
    case 'reboot':
      return `reboot ${topic.parts.flatMap(({ items }) => items.map(({ name }) => name)).join(', ')}`
    case 'download':
      return `${tellSentences(topic)} to download`
    default:
      return tellSentences(topic)
  }
}

function tellSentences({ parts }: Topic): string {
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
  const names = items.map(({ name }) => name)
  const text = named(names, limitOf(weight), noun, plural)
  const aside = weight === 'inherited' ? ' (only store paths changed)' : ''
  return (verb === '' ? names.join(', ') : `${verb} ${text}`) + aside
}

function limitOf(weight: Part['weight']): number {
  return { gone: goneAtMost, own: namedAtMost, inherited: inheritedAtMost }[weight]
}

/** `/etc: localtime removed, hosts changed, 37 more by store paths only`. */
function tellNames({ title, parts }: Topic): string {
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
  return `${title}: ${[...texts, ...rest].join(', ')}`
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
