import type { ChangeGroup } from './groups.ts'
import type { About, Item, Part, Topic } from './topic.ts'
import { topicsOf } from './topics.ts'

/** A part of a change told by how it differs from the same part of an earlier one. */
export interface Likeness {
  /** The earlier change, which is told in full. */
  readonly letter: string
  /** What stands here instead, of names that both have. */
  readonly instead: readonly Part[]
  /** What comes in addition. */
  readonly more: readonly Part[]
  /** Names that only the earlier one has. */
  readonly without: readonly string[]
}

/** By the part of the change: how it is told by an earlier change. */
export type Likenesses = ReadonlyMap<About, Likeness>

/** Lists with fewer entries in common are told whole. */
const commonFrom = 6
/** More differences than this are no likeness. */
const differencesAtMost = 5
/** So many earlier lists are looked at; those of most hosts tend to come early. */
const earlierAtMost = 64

/** The parts of each change that are told by an earlier one, for long lists that are nearly the same. */
export function likenessesOf(groups: readonly ChangeGroup[]): ReadonlyMap<ChangeGroup, Likenesses> {
  const earlier: Record<'packages' | 'units', Listed[]> = { packages: [], units: [] }
  return new Map(
    groups.map((group) => {
      const found = new Map<About, Likeness>()
      for (const topic of topicsOf(group)) {
        if (topic.about !== 'packages' && topic.about !== 'units') continue
        const listed: Listed = { letter: group.letter, entries: entriesOf(topic) }
        const likeness = nearest(listed, earlier[topic.about])
        if (likeness !== null) found.set(topic.about, likeness)
        else if (earlier[topic.about].length < earlierAtMost) earlier[topic.about].push(listed)
      }
      return [group, found] as const
    }),
  )
}

/** A list that is told in full. */
interface Listed {
  readonly letter: string
  /** By all that is told of them. */
  readonly entries: ReadonlyMap<string, Entry>
}

interface Entry {
  readonly part: Part
  readonly item: Item
}

function entriesOf({ parts }: Topic): ReadonlyMap<string, Entry> {
  return new Map(
    parts.flatMap((part) =>
      part.items.map((item) => [JSON.stringify([part.verb, part.weight, item.name, item.detail]), { part, item }]),
    ),
  )
}

function nearest(own: Listed, earlier: readonly Listed[]): Likeness | null {
  let best: { readonly likeness: Likeness; readonly differences: number } | null = null
  for (const other of earlier) {
    // Without a difference there is none nearer.
    if (best?.differences === 0) break
    if (Math.abs(own.entries.size - other.entries.size) > differencesAtMost) continue
    const more = [...own.entries].flatMap(([key, entry]) => (other.entries.has(key) ? [] : [entry]))
    const without = [...other.entries].flatMap(([key, { item }]) => (own.entries.has(key) ? [] : [item.name]))
    const differences = more.length + without.length
    if (differences > differencesAtMost || own.entries.size - more.length < commonFrom) continue
    if (best === null || differences < best.differences)
      best = { likeness: likenessTo(other.letter, more, without), differences }
  }
  return best?.likeness ?? null
}

function likenessTo(letter: string, more: readonly Entry[], without: readonly string[]): Likeness {
  const gone = new Set(without)
  const own = new Set(more.map(({ item }) => item.name))
  return {
    letter,
    instead: partsOf(more.filter(({ item }) => gone.has(item.name))),
    more: partsOf(more.filter(({ item }) => !gone.has(item.name))),
    without: without.filter((name) => !own.has(name)),
  }
}

function partsOf(entries: readonly Entry[]): readonly Part[] {
  const parts = new Map<Part, Item[]>()
  for (const { part, item } of entries) {
    const items = parts.get(part)
    if (items === undefined) parts.set(part, [item])
    else items.push(item)
  }
  return [...parts].map(([part, items]) => ({ ...part, items }))
}
