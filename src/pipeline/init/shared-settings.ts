import { isDeepStrictEqual } from 'node:util'
import type { Settings } from './draft.ts'

/** Settings that may stand in `defaults`, as the path of each. */
const movable = [
  ['ssh', 'user'],
  ['ssh', 'port'],
  ['ssh', 'identityFile'],
  ['ssh', 'options'],
  ['sudo'],
  ['activation'],
  ['buildOn'],
  ['substituteOnTarget'],
] as const

type Path = readonly string[]
type Values = Readonly<Record<string, unknown>>

/**
 * What most hosts have alike goes to `defaults`, where every host says something of it: what a host does not say, a default
 * would decide for it. Returns the defaults, and the hosts without what these say.
 */
export function sharedSettings(hosts: readonly Settings[]): {
  readonly defaults: Settings
  readonly rest: readonly Settings[]
} {
  let defaults: Values = {}
  for (const path of movable) {
    const common = commonAt(hosts, path)
    if (common !== undefined) defaults = withValue(defaults, path, common)
  }
  return { defaults, rest: hosts.map((host) => withoutShared(host, defaults)) }
}

/** The settings without what the defaults say alike. */
export function withoutShared(host: Settings, defaults: Settings): Settings {
  let left: Values = host
  for (const path of movable) {
    const common = valueAt(defaults, path)
    if (common !== undefined && isDeepStrictEqual(valueAt(left, path), common)) left = without(left, path)
  }
  return left
}

/** The value of more than half of the hosts; undefined: there is none, or a host has none. */
function commonAt(hosts: readonly Settings[], path: Path): unknown {
  const values = hosts.map((host) => valueAt(host, path))
  if (hosts.length < 2 || values.includes(undefined)) return undefined
  return values.find((value) => 2 * values.filter((other) => isDeepStrictEqual(value, other)).length > values.length)
}

function valueAt(value: unknown, [key, ...rest]: Path): unknown {
  if (key === undefined) return value
  return typeof value === 'object' && value !== null ? valueAt((value as Values)[key], rest) : undefined
}

function withValue(value: Values, [key = '', ...rest]: Path, set: unknown): Values {
  const below = (value[key] ?? {}) as Values
  return { ...value, [key]: rest.length === 0 ? set : withValue(below, rest, set) }
}

/** A map that is left empty goes as well. */
function without(value: Values, [key = '', ...rest]: Path): Values {
  const { [key]: own, ...others } = value
  const below = rest.length === 0 ? {} : without(own as Values, rest)
  return Object.keys(below).length === 0 ? others : { ...value, [key]: below }
}
