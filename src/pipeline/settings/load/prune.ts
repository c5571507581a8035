import { parentOf, pathOf, pointer } from '../../../model/fleet/source.ts'
import type { SchemaError } from '../../validators/schema-error.ts'

type Tree = Record<string, unknown>

/**
 * Takes what the schema refuses out of the tree, so that the rest can be checked further, and notes it in `damaged`.
 * Names stay known: a host, group or check that is refused keeps an empty stand-in. Lists go as a whole, for places
 * are found by index.
 */
export function prune(root: Tree, error: SchemaError, damaged: Set<string>): void {
  const refused = refusedPointer(error)
  const path = pathOf(refused)
  while (path.length > 0) {
    const holder = valueAt(root, path.slice(0, -1))
    const key = path.at(-1) ?? ''
    if (isTree(holder)) {
      if (Object.hasOwn(holder, key)) {
        damaged.add(pointer(...path))
        replace(holder, key, error.propertyName === undefined ? standIn(path) : undefined)
      }
      return
    }
    path.pop()
  }
  fillIn(root, damaged)
}

function refusedPointer(error: SchemaError): string {
  if (error.propertyName !== undefined) return error.instancePath + pointer(error.propertyName)
  const unknown = error.params['additionalProperty']
  return typeof unknown === 'string' ? error.instancePath + pointer(unknown) : error.instancePath
}

function replace(holder: Tree, key: string, value: unknown): void {
  if (value === undefined) delete holder[key]
  else holder[key] = value
}

function standIn(path: readonly string[]): unknown {
  if (path.length === 3 && path[0] === 'groups' && path[2] === 'hosts') return ['*']
  if (path.length !== 2) return undefined
  switch (path[0]) {
    case 'hosts':
      return {}
    case 'groups':
      return { hosts: ['*'] }
    case 'checks':
      return { type: 'ssh' }
    default:
      return undefined
  }
}

function fillIn(root: Tree, damaged: Set<string>): void {
  for (const [key, value] of Object.entries({ version: 1, name: 'unnamed' })) {
    if (Object.hasOwn(root, key)) continue
    root[key] = value
    damaged.add(pointer(key))
  }
}

function valueAt(root: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((value, step) => {
    if (Array.isArray(value)) return value[Number(step)]
    return isTree(value) && Object.hasOwn(value, step) ? value[step] : undefined
  }, root)
}

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Whether this, something in it, or something that holds it was left out. */
export function isDamaged(damaged: ReadonlySet<string>, at: string): boolean {
  for (let holder = at; holder !== ''; holder = parentOf(holder)) if (damaged.has(holder)) return true
  return [...damaged].some((refused) => refused.startsWith(`${at}/`))
}
