import { resolveCount } from '../../../model/text/count.ts'
import type { Group } from '../../../model/plan/plan-schema.ts'
import { parseSelector } from '../../../model/fleet/selector.ts'
import { pointer } from '../../../model/fleet/source.ts'
import { matchAll, type Selectable } from '../select.ts'
import type { Context } from './context.ts'

/** Groups' members by name, groups in groups included. */
export interface Members {
  readonly groups: ReadonlyMap<string, readonly string[]>
  /** Groups in which something is wrong, which was reported there: nothing may be concluded from who is not in them. */
  readonly unsound: ReadonlySet<string>
}

/** Finds the members of every group; reports unknown names and groups that contain each other. */
export function expandGroups(context: Context): Members {
  const groups = new Map(Object.entries(context.file.groups ?? {}))
  const hosts = new Set(Object.keys(context.file.hosts))
  const members = new Map<string, readonly string[]>()
  const unsound = new Set<string>()
  const expand = (name: string, within: readonly string[]): void => {
    const group = groups.get(name)
    if (group === undefined || members.has(name)) return
    const at = pointer('groups', name, 'hosts')
    members.set(name, [])
    if (context.damaged(at)) return void unsound.add(name)
    const path = [...within, name]
    for (const [index, text] of group.hosts.entries()) {
      const selector = parseSelector(text)
      if (selector.kind !== 'group') continue
      if (path.includes(selector.name)) {
        unsound.add(selector.name)
        reportCycle(context, at + pointer(index), path, selector.name)
      } else expand(selector.name, path)
      if (unsound.has(selector.name)) unsound.add(name)
    }
    const found = matchAll(group.hosts, { hosts, groups: namesOf(groups, members) })
    for (const { index, match } of found.matched) {
      const selector = parseSelector(group.hosts[index] ?? '')
      if (match.ok || (selector.kind === 'group' && unsound.has(selector.name))) continue
      unsound.add(name)
      context.atValue(match.code, at + pointer(index), match.detail)
    }
    members.set(name, found.hosts)
  }
  for (const name of groups.keys()) expand(name, [])
  return { groups: namesOf(groups, members), unsound }
}

function namesOf(
  groups: ReadonlyMap<string, unknown>,
  members: ReadonlyMap<string, readonly string[]>,
): Selectable['groups'] {
  return new Map([...groups.keys()].map((name) => [name, members.get(name) ?? []]))
}

function reportCycle(context: Context, at: string, path: readonly string[], back: string): void {
  const circle = [...path.slice(path.indexOf(back)), back].map((name) => `\`${name}\``)
  const detail =
    circle.length === 2
      ? `The group ${circle[0]} contains itself. Take "@${back}" out of it.`
      : `These groups contain each other: ${circle.join(' → ')}. Remove one of these steps.`
  context.atValue('config/group-cycle', at, detail)
}

/** The groups of the fleet with their limits; a percentage is of the members that are enabled. */
export function resolveGroups(
  context: Context,
  members: ReadonlyMap<string, readonly string[]>,
  enabled: ReadonlySet<string>,
): Readonly<Record<string, Group>> {
  const groups = Object.entries(context.file.groups ?? {}).map(([name, { maxUnavailable }]) => {
    const hosts = members.get(name) ?? []
    const total = hosts.filter((host) => enabled.has(host)).length
    const limit = maxUnavailable === undefined ? null : resolveCount(maxUnavailable, total, 1)
    return [name, { hosts, maxUnavailable: limit }] as const
  })
  return Object.fromEntries(groups)
}
