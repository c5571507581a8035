import { parse } from 'yaml'
import type { BuiltinCheck, Check } from '../../../model/fleet/fleet-schema.ts'

/** A check as fleet.yaml writes it out, with its type. */
export type WrittenCheck = Exclude<Check, BuiltinCheck>

/** A ready-made check: in one line what passes it, and its keys as fleet.yaml would have them. */
export interface ReadyCheck {
  readonly description: string
  readonly check: WrittenCheck
}

/** The ready-made checks that ship with fleet. */
export interface Library {
  /** `builtin/NAME` of each, in order. */
  readonly names: readonly string[]
  /** The check of that name, `builtin/NAME`; null: there is none. */
  readonly find: (name: string) => ReadyCheck | null
}

/** A library of texts, each of one file `checks/NAME.yaml`, by NAME. A text is read when its check is asked for. */
export function libraryOf(texts: Readonly<Record<string, string>>): Library {
  const find = (name: string): ReadyCheck | null => {
    const key = name.startsWith(prefix) ? name.slice(prefix.length) : ''
    return Object.hasOwn(texts, key) ? read(texts[key] ?? '', find) : null
  }
  const names = Object.keys(texts).toSorted()
  return { names: names.map((name) => prefix + name), find }
}

/** A ready-made check with some of its keys changed. */
export function changeCheck(check: WrittenCheck, entry: BuiltinCheck): WrittenCheck {
  const { use: _, ...changes } = entry
  const vars = { ...('vars' in check ? check.vars : undefined), ...changes.vars }
  return { ...check, ...changes, ...(Object.keys(vars).length > 0 ? { vars } : {}) }
}

const prefix = 'builtin/'

/** The files are fleet's own: a test holds each to the schema. */
function read(text: string, find: Library['find']): ReadyCheck {
  const { description, ...written } = parse(text) as { description: string } & Check
  if (!('use' in written)) return { description, check: written }
  const base = find(written.use)
  if (base === null) throw new Error(`bug: a built-in check is made from ${written.use}, which does not exist`)
  return { description, check: changeCheck(base.check, written) }
}
