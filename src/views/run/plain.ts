import type { Event } from '../../model/run/event-schema.ts'
import type { RunState } from '../../model/run/run.ts'
import { clauseOf } from '../../model/run/sentence.ts'
import { parseStorePath } from '../../model/nix/store-path.ts'
import { cleanLine } from '../../model/text/text.ts'
import { markOf } from './ending.ts'
import type { EventView } from './event-view.ts'
import { type LimitOf, silenceText } from './silence.ts'
import { type LogGroups, logGroups } from './log-groups.ts'
import type { LogReader } from '../terminal/log-commands.ts'
import { type Paint, paintFor, type Role } from '../terminal/paint.ts'
import { displayWidth, pad, truncate } from '../terminal/width.ts'

/** How the lines of a run look where nothing can be redrawn. */
export interface PlainOptions {
  readonly color: boolean
  /** Every step, every reason to wait and every line that programs print. */
  readonly verbose: boolean
  /** A CI system whose log folds each wave, and the way in which it takes commands; null or absent: no groups. */
  readonly log?: { readonly reader: LogReader; readonly write: (lines: string) => void } | null
  /** Until when a step of a host is waited for, which a long silence says; absent: unknown. */
  readonly limitOf?: LimitOf
}

/** A view that also breaks a long silence. */
export interface PlainView extends EventView {
  /**
   * Says what is waited for, if nothing was written for half a minute. Times in milliseconds, `now` since the epoch; returns how
   * long from now it may be silent.
   */
  tick(now: number): number
}

/** Milliseconds of silence after which a reader wonders. */
const silenceAtMost = 30_000

/** Writes a line per change of state: time, mark, host if it is about one, message. For pipes, CI and plain terminals. */
export function plain(stream: NodeJS.WritableStream, options: PlainOptions): PlainView {
  const paint = paintFor(options.color)
  const groups = logGroups(options.log?.reader ?? null)
  const command = (lines: string) => {
    if (lines !== '') options.log?.write(lines)
  }
  let hostColumn = 0
  let last = 0
  let spoken = 0
  let latest: RunState | null = null
  return {
    show(event, state) {
      last = Date.parse(event.at)
      latest = state
      if (event.type === 'run.started') hostColumn = hostColumnOf(state)
      if (event.type === 'run.finished') command(groups.close(last))
      if (event.type === 'wave.started')
        command(groups.close(last) + groups.open(`wave ${cleanLine(event.wave)}`, last))
      if (options.verbose || !isDetail(event, state)) {
        spoken = last
        stream.write(`${lineOf(event, hostColumn, paint, options.verbose)}\n`)
        command(failureOf(event, groups))
      }
      if (event.type === 'wave.finished') command(groups.close(last))
    },
    tick(now) {
      // Before the first event nothing is known, and after the last nothing is waited for.
      if (latest === null || latest.finished !== null) return silenceAtMost
      if (spoken + silenceAtMost > now) return spoken + silenceAtMost - now
      spoken = now
      const text = silenceText(latest, now, options.limitOf ?? (() => null))
      stream.write(`${paint('faint', `${clock(new Date(now).toISOString())}   ${text}`)}\n`)
      return silenceAtMost
    },
    close() {
      command(groups.close(last))
    },
  }
}

/** A failed host is also told where the CI system collects failures: its group may be folded. */
function failureOf(event: Event, groups: LogGroups): string {
  switch (event.type) {
    case 'host.stale':
    case 'host.failed':
    case 'host.rolled-back':
    case 'host.unknown':
    case 'host.unhealthy':
      return groups.failure(`fleet: ${cleanLine(event.host)}`, cleanLine(event.message))
    case 'host.reverted':
      return event.result === 'rolled-back'
        ? ''
        : groups.failure(`fleet: ${cleanLine(event.host)}`, cleanLine(event.message))
    default:
      return ''
  }
}

function hostColumnOf(state: RunState): number {
  const widths = [...state.hosts.keys()].map((host) => displayWidth(cleanLine(host)))
  return Math.min(
    28,
    widths.reduce((widest, width) => Math.max(widest, width), 0),
  )
}

/** What is left out without `verbose`: it says nothing that the next line does not say. */
function isDetail(event: Event, state: RunState): boolean {
  switch (event.type) {
    case 'host.waiting': {
      // Its turn comes with others' lines. Where it is at work already, nothing else says what keeps it.
      const phase = state.hosts.get(event.host)?.phase
      return phase === 'pending' || phase === 'prepared'
    }
    case 'host.output':
    case 'host.started':
    case 'lock.acquired':
    case 'lock.released':
    case 'wave.promoted':
      return true
    case 'host.step':
      return event.status === 'finished' || !longSteps.has(event.step)
    case 'check.finished':
      return event.result === 'pass'
    case 'hook.finished':
      // What a refusal stops says it with the hook's words.
      return event.decision !== 'wait'
    case 'diagnostic':
      return event.severity === 'info'
    case 'host.cancelled':
    case 'run.finished':
      // The report ends with the same words, and has all these hosts in one line.
      return true
    default:
      return false
  }
}

const longSteps: ReadonlySet<string> = new Set(['build', 'copy', 'activate', 'reboot', 'check', 'roll-back'])

function lineOf(event: Event, hostColumn: number, paint: Paint, verbose: boolean): string {
  const host = 'host' in event && event.host !== null ? cleanLine(event.host) : ''
  const { mark, role } = markFor(event)
  const message =
    event.type === 'host.output'
      ? `| ${cleanLine(event.line)}`
      : cleanLine(clauseOf(event, verbose ? undefined : shorten)) +
        (event.type === 'run.started' ? ' (times in UTC)' : '')
  const columns = [
    paint('faint', clock(event.at)),
    paint(role ?? 'faint', mark),
    ...(host === '' ? [] : [pad(truncate(host, hostColumn), hostColumn)]),
    role === undefined ? message : paint(role, message),
  ]
  return columns.join(' ').trimEnd()
}

/** A system by the start of its hash, as git does with commits; the report and `verbose` have the whole path. */
function shorten(path: string): string {
  return `system ${parseStorePath(path)?.hash.slice(0, 7) ?? path}`
}

function markFor(event: Event): { readonly mark: string; readonly role?: Role } {
  switch (event.type) {
    case 'host.succeeded':
    case 'host.skipped':
    case 'host.stale':
    case 'host.failed':
    case 'host.rolled-back':
    case 'host.unknown':
    case 'host.cancelled':
      return markOf(event)
    case 'host.reverted':
      return event.result === 'rolled-back' ? { mark: '↩', role: 'warning' } : { mark: '✗', role: 'bad' }
    case 'wave.halted':
    case 'run.stopped':
    case 'host.unhealthy':
    case 'lock.lost':
      return { mark: '!', role: 'bad' }
    case 'wave.paused':
    case 'run.interrupted':
      return { mark: '!', role: 'warning' }
    case 'wave.started':
      return { mark: ' ', role: 'strong' }
    case 'diagnostic':
      return { mark: '!', role: event.severity === 'error' ? 'bad' : 'warning' }
    case 'check.finished':
      return event.result === 'pass' ? { mark: ' ' } : { mark: '!', role: 'warning' }
    default:
      return { mark: ' ' }
  }
}

/** The time of day in UTC; the first line of a run names the zone. */
function clock(at: string): string {
  return new Date(at).toISOString().slice(11, 19)
}
