import { codes, followsFrom, isKnown } from '../../model/codes/codes.ts'
import { type Ending, isFailure } from '../../model/run/event.ts'
import type { HostRun } from '../../model/run/run.ts'
import { type FoldedLine, tellFolded } from '../../model/text/folded-lines.ts'
import { cleanLine } from '../../model/text/text.ts'
import { counted } from '../terminal/amounts.ts'
import type { Paint } from '../terminal/paint.ts'
import { type Columns, labelled, startOf } from '../terminal/labelled.ts'
import { displayWidth } from '../terminal/width.ts'
import { type HostOutcome, markOfHost, tellHost } from './ending.ts'

/** What a failing host printed last, and the file that has all of it. */
export interface Tail {
  readonly lines: readonly FoldedLine[]
  readonly log: string | null
}

/** Hosts that need a look and of which the same can be said. */
export interface Entry {
  readonly hosts: readonly HostRun[]
  readonly outcome: HostOutcome
}

/** How an entry is drawn. */
export interface EntryLook {
  readonly paint: Paint
  readonly columns: Columns
  /** What a host printed is shown, and not only its log named. */
  readonly isLong: boolean
  readonly tails: ReadonlyMap<string, Tail>
}

/** More hosts than this that ended alike are one entry. */
const alikeAtMost = 3
const tailLength = 20

/** True for a host that has an entry: it failed, or something happened to it after its success. */
export function needsEntry({ ending, unhealthy, reverted }: HostRun): boolean {
  return unhealthy !== null || reverted !== null || (ending !== null && isFailure(ending))
}

/** The hosts that need a look, in the order of the run; where many ended alike they are one. */
export function entriesOf(hosts: readonly HostRun[]): readonly Entry[] {
  const alike = new Map<string, HostRun[]>()
  for (const host of hosts.filter(needsEntry)) {
    const key = keyOf(host)
    alike.set(key, [...(alike.get(key) ?? []), host])
  }
  const placeOf = new Map(hosts.map((host, index) => [host, index]))
  const entries = [...alike.values()].flatMap((group) =>
    group.length > alikeAtMost
      ? group.slice(0, 1).map((host) => ({ hosts: group, outcome: host, place: placeOf.get(host) ?? 0 }))
      : group.map((host) => ({ hosts: [host], outcome: host, place: placeOf.get(host) ?? 0 })),
  )
  return entries.toSorted((one, other) => one.place - other.place)
}

function keyOf(host: HostRun): string {
  return JSON.stringify([markOfHost(host).mark, verdictOf(host), ...stateOf(host).map(({ text }) => text)])
}

/** Verdict and cause, what the host runs now, what to do about such a failure, and what it printed. */
export function entryLines({ hosts, outcome }: Entry, advice: string, look: EntryLook): readonly string[] {
  const { paint, columns } = look
  const { mark, role } = markOfHost(outcome)
  const [name = ''] = hosts.map(({ host }) => cleanLine(host))
  const label = hosts.length === 1 ? name : counted(hosts.length, 'host')
  const below = (text: string) => labelled('', text, columns)
  const [first = '', ...rest] = labelled(label, verdictOf(outcome), columns)
  const tail = hosts.length === 1 ? look.tails.get(hosts[0]?.host ?? '') : undefined
  return [
    `${paint(role, mark)} ${paint('strong', label)}${first.slice(2 + label.length)}`,
    ...rest,
    ...(hosts.length === 1 ? [] : below(hosts.map(({ host }) => cleanLine(host)).join(', '))),
    ...stateOf(outcome).flatMap(({ text, path }) => [
      ...below(text),
      ...(path === null || hosts.length > 1 ? [] : [pathLine(cleanLine(path), columns)]),
    ]),
    ...(advice === '' ? [] : below(advice)),
    ...(tail === undefined ? [] : tailLines(tail, look)),
  ]
}

/** A path in the column of the texts, or further to the left where it would not fit there: a broken one cannot be copied. */
function pathLine(path: string, columns: Columns): string {
  const start = startOf(columns)
  return displayWidth(start + path) <= columns.width ? start + path : ' '.repeat(4) + path
}

/**
 * What to do about a failure with this code, where that is more than to read, to fix and to plan again. `host` is null where
 * several hosts ended so.
 */
export function adviceOf(
  { ending, reverted }: HostOutcome,
  names: { readonly run: string; readonly host: string | null },
): { readonly code: string; readonly text: string } {
  const code = reverted?.code ?? (ending !== null && 'code' in ending ? ending.code : '')
  if (!isKnown(code) || saidByNext.has(code)) return { code, text: '' }
  const text = codes[code].next.replaceAll(/\bRUN\b/g, () => names.run)
  return { code, text: names.host === null ? text : text.replaceAll(/\bHOST\b/g, () => names.host ?? '') }
}

/** What follows from these is what the last lines of every report say. */
const saidByNext: ReadonlySet<string> = new Set([
  'activate/failed',
  'activate/units-failed',
  'check/unhealthy',
  'roll-back/not-started',
  'wave/halted',
])

function verdictOf(outcome: HostOutcome): string {
  const { ending, unhealthy, reverted } = outcome
  if (unhealthy === null && reverted === null && ending?.type === 'host.stale')
    return 'changed since the plan, not touched'
  return tellHost(outcome)
}

interface State {
  readonly text: string
  /** A store path, on a line of its own. */
  readonly path: string | null
}

/** What the host runs now: "verified" only where the host was asked and answered. */
function stateOf({ ending, unhealthy, reverted }: HostOutcome): readonly State[] {
  if (reverted !== null) {
    if (reverted.system === null) return []
    const what = reverted.result === 'rolled-back' ? 'now running its previous system' : 'now running'
    return [{ text: `${what} (verified)`, path: reverted.system }]
  }
  if (unhealthy !== null || ending === null) return []
  return stateAfter(ending)
}

function stateAfter(ending: Ending): readonly State[] {
  const said = (text: string, path: string | null = null): State => ({ text, path })
  switch (ending.type) {
    case 'host.rolled-back':
      return ending.system === null
        ? [said('the engine reported so; what the host runs now could not be verified')]
        : [said('now running its previous system (verified)', ending.system)]
    case 'host.failed':
      if (!ending.touched) return [said('nothing was changed on this host')]
      if (ending.system === null) return [said('what it runs now is unknown')]
      return [
        said('now running (verified)', ending.system),
        ...(ending.profile === null || ending.profile === ending.system
          ? []
          : [said('its system profile points at', ending.profile)]),
      ]
    case 'host.unknown':
      if (ending.lastKnown === null) return [said('fleet could not read what the host runs')]
      return followsFrom(ending.code).health === 'unsaid'
        ? [said('last known to run', ending.lastKnown)]
        : [said('now running (verified)', ending.lastKnown)]
    case 'host.stale':
      return [said('the plan expects', ending.expected), said('it runs', ending.observed)]
    case 'host.succeeded':
    case 'host.skipped':
    case 'host.cancelled':
      return []
  }
}

function tailLines({ lines, log }: Tail, { paint, columns, isLong }: EntryLook): readonly string[] {
  const start = startOf(columns)
  const shown = isLong ? lines.slice(-tailLength) : []
  return [
    ...(shown.length === 0
      ? []
      : [`${start}${shown.length < tailLength ? 'output:' : `last ${shown.length} lines of output:`}`]),
    ...shown.map((line) => `${start}${paint('faint', '|')} ${cleanLine(tellFolded(line))}`.trimEnd()),
    ...(log === null ? [] : [`${start}log: ${cleanLine(log)}`]),
  ]
}
