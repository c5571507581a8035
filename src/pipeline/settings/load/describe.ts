import { pathOf, pointer, type Source } from '../../../model/fleet/source.ts'

/** What JSON Schema's types are called here. */
export const typeNames: ReadonlyMap<string, string> = new Map([
  ['string', 'a text'],
  ['integer', 'a whole number'],
  ['number', 'a number'],
  ['boolean', '`true` or `false`'],
  ['array', 'a list'],
  ['object', 'a map of keys and values'],
])

/** A value by its kind where it is a map or a list, else by itself. */
export function describe(data: unknown): string {
  if (Array.isArray(data)) return 'a list'
  switch (typeof data) {
    case 'string':
      // "1" is a text that looks like a number, which is what is wrong with it.
      return /^(-?[\d.]+|true|false|null|)$/.test(data) ? `\`"${data}"\`` : `\`${data}\``
    case 'number':
    case 'boolean':
      return `\`${data}\``
    default:
      return data === null ? 'empty' : 'a map of keys and values'
  }
}

/** A scalar as it was written, without quotes; empty for everything else. */
export function scalarText(data: unknown): string {
  return typeof data === 'string' || typeof data === 'number' || typeof data === 'boolean' ? String(data) : ''
}

/** `hosts.web-1.ssh` for people; waves by their name, other list items by their number from 1. */
export function nameOf(at: string, source: Source): string {
  if (at === '') return 'fleet.yaml'
  const path = pathOf(at).map((step, index, all) => {
    if (!/^\d+$/.test(step) || !isList(all, index)) return `.${step}`
    const named = source.spots.get(`${pointer(...all.slice(0, index + 1))}/name`)?.value
    return named == null ? `[${Number(step) + 1}]` : `[${source.text.slice(named.start, named.end)}]`
  })
  return `\`${path.join('').slice(1)}\``
}

const listKeys = new Set([
  'waves',
  'hooks',
  'hosts',
  'address',
  'dependsOn',
  'checks',
  'batches',
  'when',
  'on',
  'run',
  'active',
  'expectStatus',
])

/** `hosts.7` is a host called 7, `groups.edge.hosts.0` the first of a list. */
function isList(path: readonly string[], index: number): boolean {
  const holder = path[index - 1] ?? ''
  const topLevelMap = index === 1 && (holder === 'hosts' || holder === 'checks')
  return listKeys.has(holder) && !topLevelMap
}
