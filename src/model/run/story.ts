import { codeFrom, followsFrom } from '../codes/codes.ts'
import type { Counts } from './event-schema.ts'
import { countIn, type JournalLine, recordsIn, textIn, textsIn } from './journal-line.ts'

/** What a journal tells of a run. Times are milliseconds since the epoch; null where the journal does not say. */
export interface RunStory {
  readonly run: string
  readonly isRunning: boolean
  startedAt: number | null
  /** When the last line was written. */
  lastAt: number | null
  name: string | null
  operator: string | null
  version: string | null
  planId: string | null
  resumes: string | null
  /** Null: the journal has no end. */
  end: RunEnd | null
  readonly signals: string[]
  readonly waves: WaveStory[]
  /** What else was said: diagnostics, and lines of a type that this version does not know. */
  readonly remarks: Remark[]
  readonly unreadable: number
}

export interface RunEnd {
  readonly outcome: string
  readonly exitCode: number | null
  readonly reason: string
  readonly counts: RunCounts
}

export type RunCounts = Pick<Counts, 'changed' | 'failed' | 'skipped' | 'notStarted'>

export interface Remark {
  readonly at: number
  readonly isWarning: boolean
  readonly text: string
}

export interface WaveStory {
  readonly name: string
  readonly hosts: HostStory[]
  startedAt: number | null
  bakingAt: number | null
  finishedAt: number | null
  /** That it halted or paused, and why. */
  stopped: { readonly how: 'halted' | 'paused'; readonly reason: string } | null
}

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
  /** What happened to it after its ending: it was rolled back with its wave. */
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

/** What the two ends of a journal tell, without its hosts. */
export function outlineStory(
  run: string,
  isRunning: boolean,
  { first, last }: { readonly first: JournalLine | null; readonly last: JournalLine | null },
): RunStory {
  const lines = [first, ...(last?.type === 'run.finished' ? [last] : [])].filter((line) => line !== null)
  const story = storyOf({ run, isRunning, lines, unreadable: first === null ? 1 : 0 })
  story.lastAt = last?.at ?? story.lastAt
  return story
}

/** Folds the lines of a journal, whatever they hold, into what they tell. */
export function storyOf({
  run,
  isRunning,
  lines,
  unreadable,
}: {
  readonly run: string
  readonly isRunning: boolean
  readonly lines: readonly JournalLine[]
  readonly unreadable: number
}): RunStory {
  const story = emptyStory(run, isRunning, unreadable)
  const hosts = new Map<string, HostStory>()
  for (const line of lines) {
    story.lastAt = line.at
    if (!tellRun(story, hosts, line) && !tellWave(story, line) && !tellHost(hosts, line) && !quiet.has(line.type))
      story.remarks.push({ at: line.at, isWarning: false, text: line.message })
  }
  return story
}

function emptyStory(run: string, isRunning: boolean, unreadable: number): RunStory {
  const unknown = { startedAt: null, lastAt: null, name: null, operator: null, version: null, planId: null }
  return { run, isRunning, ...unknown, resumes: null, end: null, signals: [], waves: [], remarks: [], unreadable }
}

/** Lines that a story needs no more: who reads the journal itself finds them there. */
const quiet: ReadonlySet<string> = new Set([
  'host.output',
  'host.waiting',
  'check.finished',
  'lock.waiting',
  'lock.acquired',
  'lock.released',
  'hook.finished',
  'wave.promoted',
])

function tellRun(story: RunStory, hosts: Map<string, HostStory>, line: JournalLine): boolean {
  switch (line.type) {
    case 'run.started':
      story.startedAt = line.at
      story.name = textIn(line, 'name')
      story.operator = textIn(line, 'operator')
      story.version = textIn(line, 'fleet')
      story.planId = textIn(line, 'planId')
      story.resumes = textIn(line, 'resumes')
      for (const wave of recordsIn(line, 'waves')) story.waves.push(waveStory(wave, hosts))
      return true
    case 'run.interrupted':
      story.signals.push(textIn(line, 'signal') ?? 'a signal')
      return true
    case 'run.finished':
      story.end = endOf(line)
      return true
    case 'diagnostic':
      story.remarks.push({ at: line.at, isWarning: textIn(line, 'severity') !== 'info', text: line.message })
      return true
    default:
      return false
  }
}

function endOf(line: JournalLine): RunEnd {
  const [counts = { fields: {} }] = recordsIn({ fields: { all: [line.fields['counts']] } }, 'all')
  const count = (key: string) => countIn(counts, key) ?? 0
  return {
    outcome: textIn(line, 'outcome') ?? 'unknown',
    exitCode: countIn(line, 'exitCode'),
    reason: textIn(line, 'reason') ?? '',
    counts: {
      changed: count('changed'),
      failed: count('failed'),
      skipped: count('skipped'),
      notStarted: count('notStarted'),
    },
  }
}

function waveStory(
  wave: { readonly fields: Readonly<Record<string, unknown>> },
  hosts: Map<string, HostStory>,
): WaveStory {
  const unknown = {
    startedAt: null,
    endedAt: null,
    ending: null,
    isPassedOver: false,
    isUnmeasured: false,
    reason: '',
    from: null,
    to: null,
    after: null,
    isChanged: false,
  }
  const members = textsIn(wave, 'hosts').map((host): HostStory => ({ host, ...unknown, steps: [] }))
  for (const member of members) hosts.set(member.host, member)
  const name = textIn(wave, 'name') ?? 'a wave without a name'
  return { name, hosts: members, startedAt: null, bakingAt: null, finishedAt: null, stopped: null }
}

function tellWave(story: RunStory, line: JournalLine): boolean {
  if (!line.type.startsWith('wave.')) return false
  const name = textIn(line, 'wave')
  const wave = story.waves.find((candidate) => candidate.name === name)
  if (wave === undefined) return false
  switch (line.type) {
    case 'wave.started':
      wave.startedAt = line.at
      return true
    case 'wave.baking':
      wave.bakingAt = line.at
      return true
    case 'wave.finished':
      wave.finishedAt = line.at
      return true
    case 'wave.halted':
      wave.stopped = { how: 'halted', reason: textIn(line, 'reason') ?? '' }
      return true
    case 'wave.paused':
      wave.stopped = { how: 'paused', reason: textIn(line, 'reason') ?? '' }
      return true
    default:
      return false
  }
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

function tellHost(hosts: ReadonlyMap<string, HostStory>, line: JournalLine): boolean {
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
    case 'host.unhealthy':
    case 'host.reverting':
      host.after = line.message
      return true
    case 'host.reverted':
      host.after = line.message
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
