import type { Defaults } from '../../../model/fleet/fleet-schema.ts'
import { pathOf, pointer } from '../../../model/fleet/source.ts'

/** One level at which settings are written: the defaults, a group or a host. */
export interface Layer {
  /** For people: "group `servers`". */
  readonly owner: string
  /** JSON pointer of the level in fleet.yaml. */
  readonly at: string
  /** Values by JSON pointer below the level; maps are taken apart, lists are whole. */
  readonly leaves: ReadonlyMap<string, unknown>
}

/** Two groups that give one host different values for a key. */
export interface Conflict {
  readonly leaf: string
  readonly first: Layer
  readonly second: Layer
}

const maps = new Set(['/ssh', '/ssh/options', '/activation', '/deployRs', '/vars'])
const keys = {
  ssh: true,
  sudo: true,
  local: true,
  expectHostname: true,
  engine: true,
  deployRs: true,
  mode: true,
  activation: true,
  buildOn: true,
  substituteOnTarget: true,
  onUnreachable: true,
  onInhibitors: true,
  reboot: true,
  checks: true,
  vars: true,
} as const satisfies Readonly<Record<keyof Defaults, true>>

/** Takes the settings of one level apart; keys that are not settings (a group's `hosts`) are left out. */
export function layerOf(owner: string, at: string, settings: Defaults): Layer {
  const leaves = new Map<string, unknown>()
  const take = (value: unknown, leaf: string): void => {
    if (!maps.has(leaf)) leaves.set(leaf, value)
    else for (const [key, inner] of Object.entries(value ?? {})) take(inner, leaf + pointer(key))
  }
  for (const [key, value] of Object.entries(settings)) if (Object.hasOwn(keys, key)) take(value, pointer(key))
  return { owner, at, leaves }
}

/** Merges the levels of one host: its own wins over its groups', theirs over the defaults; maps by key, lists as a whole. */
export function mergeSettings(
  defaults: Layer,
  groups: readonly Layer[],
  host: Layer,
): { readonly settings: Defaults; readonly conflicts: readonly Conflict[] } {
  const merged = new Map(defaults.leaves)
  const givers = new Map<string, Layer>()
  const conflicts: Conflict[] = []
  for (const group of groups) {
    for (const [leaf, value] of group.leaves) {
      const first = givers.get(leaf)
      if (first === undefined) {
        givers.set(leaf, group)
        merged.set(leaf, value)
      } else if (!host.leaves.has(leaf) && !same(first.leaves.get(leaf), value)) {
        conflicts.push({ leaf, first, second: group })
      }
    }
  }
  for (const [leaf, value] of host.leaves) merged.set(leaf, value)
  return { settings: putTogether(merged), conflicts }
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}

type Tree = Record<string, unknown>

function putTogether(leaves: ReadonlyMap<string, unknown>): Defaults {
  const root: Tree = {}
  for (const [leaf, value] of leaves) {
    const path = pathOf(leaf)
    const last = path.pop() ?? ''
    let holder = root
    for (const step of path) holder = (holder[step] ??= {}) as Tree
    holder[last] = value
  }
  // Each leaf was valid where it was written, and the schema holds key by key.
  return root
}
