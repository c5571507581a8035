import { codeFrom, followsFrom } from '../codes/codes.ts'
import { type JournalLine, textIn } from './journal-line.ts'

/** What a journal tells of one host. Times are milliseconds since the epoch; null where the journal does not say. */
export interface HostStory {
  readonly host: string
  /** When its change began. */
  startedAt: number | null
  endedAt: number | null
  /** Type of its ending without `host.`; null: it has none. */
  ending: string | null
  /** It was passed over because it did not answer. */
  isPassedOver: boolean
  /** What it runs is known, and only its health is not. */
  isUnmeasured: boolean
  reason: string
  from: string | null
  to: string | null
  readonly steps: StepStory[]
  /** Why it turned unhealthy while its wave baked; null: it did not. */
  unhealthy: string | null
  /** `reverting`, or the result of a rollback with its wave; null: there was none. */
  later: string | null
  /** The same in words: it was rolled back with its wave. */
  after: string | null
  /** It may run something else than before the run. */
  isChanged: boolean
}

export interface StepStory {
  readonly step: string
  readonly startedAt: number
  endedAt: number | null
}

/** True for a host whose change had begun when the journal ends. */
export function isInFlight({ startedAt, ending }: HostStory): boolean {
  return startedAt !== null && ending === null
}

const endings: ReadonlySet<string> = new Set([
  'host.succeeded',
  'host.skipped',
  'host.stale',
  'host.failed',
  'host.rolled-back',
  'host.unknown',
  'host.cancelled',
])

/** Folds a line into the host that it is about; false: it is about none, or says nothing of it. */
export function tellHost(hosts: ReadonlyMap<string, HostStory>, line: JournalLine): boolean {
  const host = hosts.get(textIn(line, 'host') ?? '')
  if (host === undefined) return false
  if (endings.has(line.type)) {
    endStep(host, line.at)
    host.ending = line.type.slice('host.'.length)
    host.endedAt = line.at
    host.isUnmeasured =
      line.type === 'host.unknown' && followsFrom(codeFrom(textIn(line, 'code') ?? '')).health !== 'unsaid'
    host.isPassedOver = line.type === 'host.skipped' && textIn(line, 'cause') === 'unreachable'
    host.reason = textIn(line, 'reason') ?? ''
    host.isChanged =
      line.type === 'host.succeeded' ||
      line.type === 'host.unknown' ||
      (line.type === 'host.failed' && line.fields['touched'] !== false)
    return true
  }
  switch (line.type) {
    case 'host.started':
      host.startedAt = line.at
      host.isChanged = true
      host.from = textIn(line, 'from')
      host.to = textIn(line, 'to')
      return true
    case 'host.step':
      if (textIn(line, 'status') === 'started') begin(host, textIn(line, 'step') ?? '', line.at)
      else endStep(host, line.at)
      return true
    case 'lock.lost':
      host.after = `host lock lost: ${textIn(line, 'reason') ?? ''}`
      return true
    case 'host.unhealthy':
      host.unhealthy = textIn(line, 'reason') ?? ''
      return true
    case 'host.reverting':
      host.later = line.type.slice('host.'.length)
      host.after = textIn(line, 'reason')
      return true
    case 'host.reverted':
      host.later = textIn(line, 'result')
      host.after = textIn(line, 'reason')
      if (textIn(line, 'result') === 'rolled-back') host.isChanged = false
      return true
    default:
      return false
  }
}

function begin(host: HostStory, step: string, at: number): void {
  endStep(host, at)
  host.steps.push({ step, startedAt: at, endedAt: null })
}

function endStep({ steps }: HostStory, at: number): void {
  const last = steps.at(-1)
  if (last !== undefined) last.endedAt ??= at
}
