import type { ChangeGroup } from './groups.ts'

/** Fewer hosts than this are named one by one. */
const namedBelow = 4

/** The places of the changes that these hosts are, all of them and no others; empty: they are no whole changes, or few enough to be named. */
export function changesOf(hosts: readonly string[], groups: readonly ChangeGroup[]): readonly number[] {
  if (hosts.length < namedBelow) return []
  const left = new Set(hosts)
  const places = [...groups.entries()].flatMap(([place, { letter, hosts }]) => {
    if (letter === '' || !hosts.every((host) => left.has(host))) return []
    for (const host of hosts) left.delete(host)
    return [place]
  })
  return left.size === 0 ? places : []
}
