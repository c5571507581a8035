import type { Counts } from './event-schema.ts'
import { type HostStory, tellHost } from './host-story.ts'
import { countIn, type JournalLine, recordsIn, textIn, textsIn } from './journal-line.ts'

/** What a journal tells of a run. Times are milliseconds since the epoch; null where the journal does not say. */
export interface RunStory {
  readonly run: string
  readonly isRunning: boolean
  startedAt: number | null
  /** When the last line was written. */
  lastAt: number | null
  name: string | null
  startedBy: string | null
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
  const unknown = { startedAt: null, lastAt: null, name: null, startedBy: null, version: null, planId: null }
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
      story.startedBy = textIn(line, 'startedBy')
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
    unhealthy: null,
    later: null,
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
