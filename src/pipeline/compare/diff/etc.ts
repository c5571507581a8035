import type { EtcEntry, NixosSystem } from '../../../model/host/nixos-system.ts'
import type { EtcChange } from '../../../model/plan/plan-schema.ts'
import { storeObject } from '../../../model/nix/store-path.ts'
import { differInPathsOnly, shownPatch } from './masked.ts'

/** The directory of units has a comparison of its own. */
const elsewhere = new Set(['systemd/system'])

/** Entries of /etc that come, go or change; a patch is given for changes of their own, where both texts are known. */
export function compareEtc(before: NixosSystem, after: NixosSystem): readonly EtcChange[] | null {
  if (before.etc.how === 'unknown' || after.etc.how === 'unknown') return null
  const [old, planned] = spread(before.etc.value, after.etc.value)
  const texts = (system: NixosSystem, entry: EtcEntry) => system.texts.get(entry.source) ?? null
  const paths = [...new Set([...old.keys(), ...planned.keys()])].filter((path) => !elsewhere.has(path)).toSorted()
  return paths.flatMap((path): readonly EtcChange[] => {
    const [from, to] = [old.get(path), planned.get(path)]
    if (from === undefined) return [{ path, change: 'added', inherited: false, patch: null }]
    if (to === undefined) return [{ path, change: 'removed', inherited: false, patch: null }]
    if (isSame(from, to)) return []
    return [{ path, change: 'changed', ...howChanged(from, to, texts(before, from), texts(after, to)) }]
  })
}

function isSame(from: EtcEntry, to: EtcEntry): boolean {
  return from.source === to.source && hasSameMode(from, to)
}

function hasSameMode(from: EtcEntry, to: EtcEntry): boolean {
  return from.mode === to.mode && from.user === to.user && from.group === to.group
}

function howChanged(
  from: EtcEntry,
  to: EtcEntry,
  before: string | null,
  after: string | null,
): Pick<EtcChange, 'inherited' | 'patch' | 'withheld'> {
  if (!hasSameMode(from, to))
    return { inherited: false, ...(before === null || after === null ? { patch: null } : shownPatch(before, after)) }
  // Not known whether the change is its own: the key is left out rather than guessed.
  if (before === null || after === null) return { patch: null }
  return differInPathsOnly(before, after)
    ? { inherited: true, patch: null }
    : { inherited: false, ...shownPatch(before, after) }
}

type Entries = ReadonlyMap<string, EtcEntry>

/**
 * A source with a `*` becomes a link for each match, whose names only the built side has: where that side's links lead into
 * the same store object nothing differs, otherwise the pattern stands for all of them.
 */
function spread(before: Entries, after: Entries): readonly [Entries, Entries] {
  const [old, planned] = [new Map(before), new Map(after)]
  for (const [pattern, listed] of [
    [planned, old],
    [old, planned],
  ] as const) {
    const globs = [...pattern].filter(([, { source }]) => source.includes('*'))
    for (const [target, entry] of globs) {
      const object = storeObject(entry.source)
      const inside = [...listed].filter(
        ([path]) => path.startsWith(`${target}/`) && !path.slice(target.length + 1).includes('/'),
      )
      const same = inside.filter(([, { source }]) => object !== null && storeObject(source) === object)
      if (listed.get(target)?.source === entry.source) continue
      pattern.delete(target)
      for (const [path] of inside) listed.delete(path)
      if (inside.length > 0 && same.length === inside.length) continue
      pattern.set(`${target}/*`, entry)
      if (inside.length > 0) listed.set(`${target}/*`, inside[0]?.[1] ?? entry)
    }
  }
  return [old, planned]
}
