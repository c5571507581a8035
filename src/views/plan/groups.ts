import type { Cause, ChangedHost, Diff, Plan } from '../../model/plan/plan-schema.ts'
import { cleanLine } from '../../model/text/text.ts'

/** Hosts that share one identical change, in the order of the rollout; sizes and counts of rebuilds may differ among them. */
export interface ChangeGroup {
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
  return [...groups.values()].flatMap((members) => groupOf(members))
}

function groupOf(members: readonly (readonly [string, ChangedHost])[]): readonly ChangeGroup[] {
  const [first, ...rest] = members
  if (first === undefined) return []
  const diffs = members.map(([, { diff }]) => diff)
  return [
    {
      hosts: [first[0], ...rest.map(([name]) => name)],
      host: first[1],
      members: members.map(([, host]) => host),
      sizeDelta: rangeOf(diffs.map(({ sizeDelta }) => sizeDelta)),
      download: rangeOf(diffs.map(({ download }) => download)),
      causes: causesOf(diffs),
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

function causesOf(diffs: readonly Diff[]): readonly Cause[] | null {
  const merged = new Map<string, Cause>()
  for (const { causes } of diffs) {
    if (causes === undefined || causes === null) return null
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

/** What two hosts must have in common to be shown as one change: all but sizes, whether those are known, and counts of rebuilds. */
function changeKey({ diff, settings, from, to, notes }: ChangedHost): string {
  const { sizeDelta: _, download: __, causes, provenance, exact, ...rest } = diff
  // Where each part says how it is known, `exact` adds to them only whether the size is.
  const how = provenance === undefined ? exact : Object.entries(provenance).filter(([key]) => !isAmount(key))
  return JSON.stringify([
    Object.entries(rest).toSorted(([a], [b]) => byText(a, b)),
    Array.isArray(how) ? how.toSorted(([a], [b]) => byText(a, b)) : how,
    // They are in the order of their counts.
    causes?.map(({ name, from, to }) => JSON.stringify([name, from, to])).toSorted(byText) ?? null,
    settings.mode,
    isRebootCleared({ from, to, diff }),
    isRebootPending({ notes }),
  ])
}

function isAmount(key: string): boolean {
  return key === 'sizeDelta' || key === 'download'
}

/** True when the host goes back to what it booted with, so that a reboot which was pending no longer is. */
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
