import { counted } from '../../terminal/amounts.ts'
import type { ChangeGroup } from '../groups.ts'
import { lettersOf } from '../letters.ts'
import { likenessesOf } from '../likeness.ts'
import type { Depth } from './depths.ts'
import { groupMarkdown } from './group.ts'
import type { Page } from './page.ts'

/** What changes: each distinct change folded; where there is little room, those of most hosts. */
export function changeBlocks({ groups }: Page, depth: Depth): readonly string[] {
  const { groups: shown, groupsAtMost, patchLines } = depth
  if (shown === 'none' || groups.length === 0) return []
  const size = ({ hosts }: ChangeGroup) => hosts.length
  const chosen = new Set(groups.toSorted((a, b) => size(b) - size(a)).slice(0, groupsAtMost))
  const kept = groups.filter((group) => chosen.has(group))
  // What is not on the page cannot be referred to.
  const likenesses = likenessesOf(kept)
  const left = [...groups.entries()].flatMap(([place, group]) => (chosen.has(group) ? [] : [{ place, group }]))
  const hosts = left.reduce((sum, { group }) => sum + size(group), 0)
  const letters = lettersOf(left.map(({ place }) => place))
  return [
    '### Changes',
    ...kept.map((group) =>
      groupMarkdown(group, { patchLines, all: shown === 'all' }, likenesses.get(group) ?? new Map()),
    ),
    ...(left.length === 0
      ? []
      : [`and ${counted(left.length, 'more change')} (${letters}) on ${counted(hosts, 'host')}`]),
  ]
}
