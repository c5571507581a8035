import { failed } from '../failure.ts'
import type { Failure } from '../plan/plan-schema.ts'
import { parseStorePath } from './store-path.ts'
import type { Found } from '../host/system.ts'

/** One valid store path with what Nix's database tells of it. */
export interface ClosurePath {
  readonly path: string
  /** Bytes of its archive. */
  readonly narSize: number
  /** Paths it refers to, itself left out. */
  readonly references: readonly string[]
  /** The derivation that made it; null: not known. */
  readonly deriver: string | null
}

/** All that a system needs to run, by path; a closure is fixed by its toplevel. */
export type Closure = ReadonlyMap<string, ClosurePath>

/** Sum of the sizes of a closure's paths, bytes. */
export function closureSize(closure: Closure): number {
  let size = 0
  for (const { narSize } of closure.values()) size += narSize
  return size
}

/** Most paths that are read from one answer: several times the largest systems. */
const mostPaths = 200_000

/**
 * Reads what `nix-store --dump-db PATHS` prints, the same from 2.8 to 2.34: for each path its own line, hash, size, deriver
 * (may be empty), number of references, and those. Nothing of it is believed before it has the form it should have.
 */
export function parseRegistrations(text: string): Found<Closure> {
  const lines = text.split('\n')
  if (lines.at(-1) === '') lines.pop()
  const closure = new Map<string, ClosurePath>()
  for (let at = 0; at < lines.length;) {
    const [path = '', , size = '', deriver = '', count = ''] = lines.slice(at, at + 5)
    if (!isObject(path) || !/^\d{1,15}$/.test(size) || !/^\d{1,6}$/.test(count)) return unreadable(at)
    const references = lines.slice(at + 5, at + 5 + Number(count))
    if (references.length < Number(count) || !references.every(isObject) || closure.size >= mostPaths)
      return unreadable(at)
    closure.set(path, {
      path,
      narSize: Number(size),
      references: references.filter((reference) => reference !== path),
      deriver: isObject(deriver) ? deriver : null,
    })
    at += 5 + Number(count)
  }
  return { ok: true, value: closure }
}

function isObject(path: string): boolean {
  return path.length < 400 && parseStorePath(path)?.rest === ''
}

function unreadable(line: number): { ok: false; failure: Failure } {
  const detail = `Line ${line + 1} of the answer of nix-store --dump-db is not what it should be.`
  return failed('closure/unreadable', 'a closure could not be read', detail)
}
