import type { NixosSystem } from '../../../../model/host/nixos-system.ts'
import { parsePackageName } from '../../../../model/nix/package-name.ts'
import { nameOfPath, referencesIn, storeObject } from '../../../../model/nix/store-path.ts'
import { differInPathsOnly } from '../masked.ts'

/** Texts that name each other, one behind the other: a unit, its script, the script's configuration, and one more. */
const deepest = 4

/** Finds the files that two texts name and that differ in more than store paths: those of /etc as `/etc/X`, others by their name. */
export type FindFilesBehind = (from: string, to: string) => readonly string[]

/** Files behind the store paths of two systems, as far as the texts of both are known. */
export function filesBehind(before: NixosSystem, after: NixosSystem): FindFilesBehind {
  const [old, planned] = [textsByObject(before), textsByObject(after)]
  const [etcOld, etcPlanned] = [etcByObject(before), etcByObject(after)]
  const find = (from: string, to: string, depth: number, seen: Set<string>): readonly string[] =>
    pairsOf(from, to, storeOf(after.toplevel)).flatMap(([one, other]) => {
      if (seen.has(other) || depth > deepest) return []
      seen.add(other)
      const files = [...(planned.get(other) ?? [])].flatMap(([rest, text]) => {
        const counterpart = old.get(one)?.get(rest)
        return counterpart === undefined ? [] : [{ counterpart, text }]
      })
      const name = etcPlanned.get(other)
      const shown = name !== undefined && name === etcOld.get(one) ? `/etc/${name}` : nameOfPath(other)
      return files.flatMap(({ counterpart, text }) =>
        differInPathsOnly(counterpart, text) ? find(counterpart, text, depth + 1, seen) : [shown],
      )
    })
  return (from, to) => [...new Set(find(from, to, 1, new Set()))].toSorted()
}

/** Store objects that only one of two texts names, those of one package or file paired. */
function pairsOf(from: string, to: string, store: string): readonly (readonly [string, string])[] {
  const [old, planned] = [referencesIn(from, store), referencesIn(to, store)]
  const gone = old.filter((path) => !planned.includes(path))
  return planned
    .filter((path) => !old.includes(path))
    .flatMap((path) => {
      const counterpart = gone.find((other) => keyOf(other) === keyOf(path))
      return counterpart === undefined ? [] : [[counterpart, path] as const]
    })
}

const keyOf = (path: string) => parsePackageName(nameOfPath(path)).name

function storeOf(toplevel: string): string {
  return toplevel.replace(/\/[^/]*$/, '')
}

function textsByObject({ texts }: NixosSystem): ReadonlyMap<string, ReadonlyMap<string, string>> {
  const objects = new Map<string, Map<string, string>>()
  for (const [path, text] of texts) {
    const object = storeObject(path)
    if (object === null) continue
    const files = objects.get(object) ?? new Map<string, string>()
    files.set(path.slice(object.length), text)
    objects.set(object, files)
  }
  return objects
}

/** Entries of /etc whose source is a whole store object. */
function etcByObject({ etc }: NixosSystem): ReadonlyMap<string, string> {
  if (etc.how === 'unknown') return new Map()
  return new Map(
    [...etc.value].flatMap(([path, { source }]) =>
      storeObject(source) === null ? [] : [[storeObject(source) ?? '', path]],
    ),
  )
}
