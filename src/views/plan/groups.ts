import type { Cause, ChangedHost, Plan } from '../../model/plan/plan-schema.ts'
import { cleanLine } from '../../model/text/text.ts'
import { letterOf } from './letters.ts'

/** Hosts that share one identical change, in the order of the rollout; sizes and counts of rebuilds may differ among them. */
export interface ChangeGroup {
  /** `A`, `B` …, by which the rest of the plan refers to it; empty where it is the only change and of one host. */
  readonly letter: string
  /** Names, cleaned; never empty. */
  readonly hosts: readonly [string, ...string[]]
  /** The first of them, which speaks for all. */
  readonly host: ChangedHost
  readonly members: readonly ChangedHost[]
  /** Smallest and largest change of closure size, bytes; null: not known of every host. */
  readonly sizeDelta: Range | null
  /** Smallest and largest download, bytes; null: not known of every host. */
  readonly download: Range | null
  /** What explains the rebuilds, with the largest count of any host; null: not known. */
  readonly causes: readonly Cause[] | null
}

interface Range {
  readonly least: number
  readonly most: number
}

/** The distinct changes of a plan, each once with all its hosts, whatever wave they are in; in the order of the rollout. */
export function groupsOf({ body }: Plan): readonly ChangeGroup[] {
  const groups = new Map<string, [string, ChangedHost][]>()
  const inOrder = new Set([...body.waves.flatMap(({ hosts }) => hosts), ...Object.keys(body.hosts)])
  for (const name of inOrder) {
    const host = body.hosts[name]
    if (host?.action !== 'change') continue
    const key = changeKey(host)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [[cleanLine(name), host]])
    else group.push([cleanLine(name), host])
  }
  const all = [...groups.values()]
  const isLettered = all.length > 1 || (all[0]?.length ?? 0) > 1
  return all.flatMap((members, index) => groupOf(members, isLettered ? letterOf(index) : ''))
}

function groupOf(members: readonly (readonly [string, ChangedHost])[], letter: string): readonly ChangeGroup[] {
  const [first, ...rest] = members
  if (first === undefined) return []
  const diffs = members.map(([, { diff }]) => diff)
  return [
    {
      letter,
      hosts: [first[0], ...rest.map(([name]) => name)],
      host: first[1],
      members: members.map(([, host]) => host),
      sizeDelta: rangeOf(diffs.map(({ sizeDelta }) => sizeDelta)),
      download: rangeOf(diffs.map(({ download }) => download)),
      causes: mergeCauses(members.map(([, host]) => causesOf(host))),
    },
  ]
}

function rangeOf(values: readonly (number | null)[]): Range | null {
  let [least, most] = [Infinity, -Infinity]
  for (const value of values) {
    if (value === null) return null
    least = Math.min(least, value)
    most = Math.max(most, value)
  }
  return { least, most }
}

/**
 * What explains the rebuilds of one host. Its system is one of them where it says something else of itself, such as another release,
 * and is called alike on every host: the derivation's own name holds the host's.
 */
function causesOf({ diff, from, to }: ChangedHost): readonly Cause[] | null {
  // What follows the slash, the 32 characters of the hash and a dash.
  const own = to.system.slice(to.system.lastIndexOf('/') + 34)
  const release = from.release === to.release ? { from: null, to: null } : { from: from.release, to: to.release }
  return (
    diff.causes?.map((cause) => (isNamed(cause, own) ? { ...cause, ...release, name: 'the system itself' } : cause)) ??
    null
  )
}

/** Where a name ends and its version begins is a guess; together they are the name of the store path. */
function isNamed({ name, to }: Cause, storeName: string): boolean {
  return storeName === (to === null ? name : `${name}-${to}`)
}

function mergeCauses(all: readonly (readonly Cause[] | null)[]): readonly Cause[] | null {
  const merged = new Map<string, Cause>()
  for (const causes of all) {
    if (causes === null) return null
    for (const cause of causes) {
      const key = JSON.stringify([cause.name, cause.from, cause.to])
      const rebuilds = Math.max(cause.rebuilds, merged.get(key)?.rebuilds ?? 0)
      merged.set(key, { ...cause, rebuilds })
    }
  }
  return [...merged.values()].toSorted((a, b) => b.rebuilds - a.rebuilds || byText(a.name, b.name))
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/**
 * What two hosts must have in common to be shown as one change: all but sizes, whether those are known, counts of rebuilds, and whether
 * a part was built or predicted.
 */
function changeKey(host: ChangedHost): string {
  const { diff, settings, from, to, notes } = host
  const { sizeDelta: _, download: __, causes: ___, provenance = {}, exact: ____, ...rest } = diff
  // Whether a part is built or predicted depends on what this machine has built before: the weaker holds for the group.
  const unknown = Object.keys(provenance).filter((key) => provenance[key] === 'unknown' && !isAmount(key))
  return JSON.stringify([
    Object.entries(rest).toSorted(([a], [b]) => byText(a, b)),
    unknown.toSorted(byText),
    // They are in the order of their counts.
    causesOf(host)
      ?.map((cause) => JSON.stringify([cause.name, cause.from, cause.to]))
      .toSorted(byText) ?? null,
    settings.mode,
    isRebootCleared({ from, to, diff }),
    isRebootPending({ notes }),
  ])
}

function isAmount(key: string): boolean {
  return key === 'sizeDelta' || key === 'download'
}

/** True when the host returns to what it booted with, so that a reboot which was pending no longer is. */
export function isRebootCleared({ from, to, diff }: Pick<ChangedHost, 'from' | 'to' | 'diff'>): boolean {
  const { state } = diff.reboot
  if (state !== undefined) return state === 'cleared'
  // Plans of before there was a state.
  return from.booted !== null && from.booted !== from.system && from.booted === to.system
}

/** True when a reboot was pending before this change. */
export function isRebootPending({ notes }: Pick<ChangedHost, 'notes'>): boolean {
  return notes.some(({ code }) => code === 'plan/reboot-pending')
}
