import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'

/** The TypeScript files below a directory, as paths relative to it, with what each imports of the others (types included). */
export type Imports = ReadonlyMap<string, readonly string[]>

const reference = /(?:\bfrom|\bimport)\s*\(?\s*'(\.[^']+)'/g

/** Reads who imports whom below a directory. */
export function importsBelow(directory: string): Imports {
  const names = readdirSync(directory, { recursive: true, encoding: 'utf8' })
  const files = names.filter((name) => name.endsWith('.ts')).toSorted()
  return new Map(
    files.map((file) => {
      const found = readFileSync(join(directory, file), 'utf8').matchAll(reference)
      return [file, [...found].map(([, path = '']) => normalize(join(dirname(file), path)))]
    }),
  )
}

/**
 * Folders whose rooms stand in a circle, with the rooms of each circle: `pipeline: host ↔ run`. A room of a folder is a
 * folder in it with all below, or a file in it.
 */
export function circlesOfRooms(imports: Imports): readonly string[] {
  const folders = new Set([...imports.keys()].flatMap(foldersAbove))
  return [...folders].toSorted().flatMap((folder) => {
    const arrows = arrowsIn(folder, imports)
    const rooms = [...arrows.keys()].toSorted()
    const circle = rooms.filter((room) => reachableFrom(room, arrows).has(room))
    return circle.length === 0 ? [] : [`${folder}: ${circle.join(' ↔ ')}`]
  })
}

/** Folders that hold more files side by side than allowed: `views: 44 files`. */
export function crowdedFolders(imports: Imports, most: number): readonly string[] {
  const counts = new Map<string, number>()
  for (const file of imports.keys()) counts.set(dirname(file), (counts.get(dirname(file)) ?? 0) + 1)
  return [...counts].filter(([, count]) => count > most).map(([folder, count]) => `${folder}: ${count} files`)
}

/** Test files from which imports lead to a file, those of types included. */
export function testsThatReach(file: string, imports: Imports): readonly string[] {
  const arrows = new Map([...imports].map(([from, others]) => [from, new Set(others)]))
  return [...imports.keys()].filter((from) => from.endsWith('.test.ts') && reachableFrom(from, arrows).has(file))
}

/** `a/b/c.ts`: `.`, `a`, `a/b`. */
function foldersAbove(file: string): readonly string[] {
  const parts = dirname(file).split('/')
  return ['.', ...parts.map((_, index) => parts.slice(0, index + 1).join('/'))]
}

function arrowsIn(folder: string, imports: Imports): ReadonlyMap<string, ReadonlySet<string>> {
  const arrows = new Map<string, Set<string>>()
  for (const [file, imported] of imports)
    for (const other of imported) {
      const [from, to] = [roomOf(file, folder), roomOf(other, folder)]
      if (from === null || to === null || from === to) continue
      arrows.set(from, (arrows.get(from) ?? new Set()).add(to))
    }
  return arrows
}

/** Null: the file is not below the folder. */
function roomOf(file: string, folder: string): string | null {
  if (folder !== '.' && !file.startsWith(`${folder}/`)) return null
  return (folder === '.' ? file : file.slice(folder.length + 1)).split('/')[0] ?? null
}

function reachableFrom(room: string, arrows: ReadonlyMap<string, ReadonlySet<string>>): ReadonlySet<string> {
  const reached = new Set<string>()
  const open = [...(arrows.get(room) ?? [])]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (reached.has(next)) continue
    reached.add(next)
    open.push(...(arrows.get(next) ?? []))
  }
  return reached
}
