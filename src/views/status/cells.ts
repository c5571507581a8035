import type { AnsweredHost, HostStatus, LastRun } from '../../model/host/status-schema.ts'
import { cleanLine } from '../../model/text/text.ts'
import { bytes } from '../terminal/amounts.ts'
import type { Role } from '../terminal/paint.ts'

/** Behind the result of a run, where there is no room to say that the host was changed since. */
export const changedMark = '*'

/** One row of the table: its cells, or words where there are none. All of it is cleaned. */
export interface StatusRow {
  readonly name: string
  readonly cells: StatusCells | null
  readonly words: string
  /** `!` where something is amiss, else a space. */
  readonly mark: '!' | ' '
  readonly role: Role | null
}

type Key = 'running' | 'boot' | 'units' | 'lastRun' | 'up' | 'free' | 'kernel'

type StatusCells = Readonly<Record<Key, string>> & {
  /** The same where there is less room. */
  readonly short: Readonly<Record<Key, string>>
  /** What is left of each for several hosts at once: no generation, no times. `running` is what a wave is a mix of. */
  readonly shared: Readonly<Record<Key, string>>
}

/** Columns in their order; where there is no room the highest rank goes first. */
export const columns: readonly {
  readonly key: Key
  readonly title: string
  readonly rank: number
}[] = [
  { key: 'running', title: 'RUNNING', rank: 0 },
  { key: 'boot', title: 'NEXT BOOT', rank: 1 },
  { key: 'units', title: 'UNITS', rank: 2 },
  { key: 'up', title: 'UP', rank: 4 },
  { key: 'lastRun', title: 'LAST RUN (UTC)', rank: 3 },
  { key: 'free', title: 'FREE /nix', rank: 5 },
  { key: 'kernel', title: 'KERNEL', rank: 6 },
]

/** What the table says of a host, as of a moment (RFC 3339). */
export function cellsOf(name: string, host: HostStatus, observedAt: string): StatusRow {
  switch (host.reach) {
    case 'disabled':
      return { name, cells: null, words: withNote('disabled', host.note), mark: ' ', role: 'faint' }
    case 'unreachable':
      return {
        name,
        cells: null,
        words: withNote(`unreachable: ${cleanLine(host.failure.summary)}${lastWords(host.lastRun)}`, host.note),
        mark: '!',
        role: 'warning',
      }
    case 'answered':
      return {
        name,
        cells: cells(host, observedAt),
        words: '',
        mark: host.drifted ? '!' : ' ',
        role: host.drifted ? 'change' : null,
      }
  }
}

/** What two hosts must have in common to share a row. */
export function rowKey({ cells, words }: StatusRow): string {
  if (cells === null) return `words ${words}`
  return JSON.stringify(columns.map(({ key }) => cells.shared[key]))
}

function withNote(text: string, note: string | null): string {
  return note === null ? text : `${text} (${cleanLine(note)})`
}

function lastWords(last: LastRun | null): string {
  return last === null ? '' : `; last run: ${last.ending} ${dateOf(last)} UTC`
}

function cells({ observation, rebootPending, lastRun, notes }: AnsweredHost, observedAt: string): StatusCells {
  const { uptimeSeconds, freeBytes, kernelRelease, activating } = observation
  const generation = observation.generation === null ? '' : ` gen ${observation.generation}`
  const shared = {
    running: releaseOf(observation),
    boot: bootOf(observation, rebootPending),
    units: activating ? 'activating' : unitsOf(observation),
    up: '',
    lastRun: lastRun === null ? 'none' : wordOf(lastRun, notes, ', then changed'),
    free: '',
    kernel: cleanLine(kernelRelease),
  }
  const date = lastRun === null ? '' : ` ${dateOf(lastRun, observedAt)}`
  const own = {
    ...shared,
    running: shared.running + generation,
    up: uptimeSeconds === null ? '' : ageOf(uptimeSeconds),
    lastRun: shared.lastRun + date,
    free: freeBytes.nix === null ? '' : bytes(freeBytes.nix).replace(/\s/gu, ' '),
  }
  const short = {
    ...own,
    boot: shared.boot.replace(/ pending$/, ''),
    lastRun: lastRun === null ? own.lastRun : wordOf(lastRun, notes, changedMark) + date,
  }
  return { ...own, short, shared }
}

/** `25.05.a1b2c3d` for `25.05.20251101.a1b2c3d`: the date tells no more than the commit does. */
function releaseOf({ release, revision }: AnsweredHost['observation']): string {
  const text = cleanLine(release ?? '')
  if (text === '') return revision === null ? 'unknown' : cleanLine(revision).slice(0, 12)
  const short = text.replace(
    /^(\d\d\.\d\d)\.\d{8}\.([0-9a-f]{4,})$/,
    (_all, year: string, commit: string) => `${year}.${commit.slice(0, 7)}`,
  )
  return short.length > 24 ? `${short.slice(0, 23)}…` : short
}

/** What the next boot brings beside what runs: another system, or what this one brings only then. A container has no kernel. */
function bootOf({ system, nextBoot, booted }: AnsweredHost['observation'], pending: boolean | null): string {
  if (nextBoot !== null && nextBoot !== system) return 'other system'
  if (booted === null) return '-'
  if (pending === true) return 'reboot pending'
  if (nextBoot === null) return 'unknown'
  if (booted === system) return 'same'
  return pending === null ? 'unknown' : 'same kernel'
}

/** The manager of a user who is logged in fails by itself: the system runs. */
const userManager = /^user@(\d+)\.service$/

function unitsOf({ failedUnits, systemState }: AnsweredHost['observation']): string {
  const [first, ...others] = failedUnits.map((unit) => userManager.exec(unit)?.[1])
  if (first !== undefined && others.every((uid) => uid !== undefined))
    return others.length === 0 ? `user ${first} failed` : `${failedUnits.length} users failed`
  return failedUnits.length === 0 ? cleanLine(systemState) : `${failedUnits.length} failed`
}

const endings: Readonly<Record<string, string>> = {
  'rolled-back': 'rolled back',
  unknown: 'state unknown',
  cancelled: 'not started',
}

function wordOf({ ending }: LastRun, notes: AnsweredHost['notes'], changed: string): string {
  if (ending !== 'succeeded' && ending !== 'skipped') return endings[ending] ?? ending
  return notes.some(({ code }) => code === 'drift/unrecorded') ? `ok${changed}` : 'ok'
}

/** Month, day and time; the year where it is another one. */
function dateOf({ at }: LastRun, now = at): string {
  return at.slice(0, 4) === now.slice(0, 4) ? at.slice(5, 16).replace('T', ' ') : at.slice(0, 10)
}

/** `3d`, `5h`, `12m`. */
function ageOf(seconds: number): string {
  if (seconds >= 86_400) return `${Math.floor(seconds / 86_400)}d`
  return seconds >= 3600 ? `${Math.floor(seconds / 3600)}h` : `${Math.floor(seconds / 60)}m`
}
