import type { HostStory } from '../../model/run/host-story.ts'
import type { RunStory, WaveStory } from '../../model/run/story.ts'
import { cleanLine } from '../../model/text/text.ts'
import {
  authorOf,
  countsOf,
  hostOutcome,
  markOf,
  nextCommands,
  outcomeOf,
  planOf,
  reasonOf,
  resultOf,
  runTime,
  timeOf,
  timesOf,
  waveOutcome,
  wavesOf,
} from './words.ts'
import { timeOfDay } from '../terminal/moment.ts'
import { nextBlock } from '../terminal/next-block.ts'
import { type Paint, paintFor } from '../terminal/paint.ts'
import { gap, hang, pad } from '../terminal/width.ts'

/** How text about past runs is written. */
export interface HistoryOptions {
  readonly color: boolean
  readonly width: number
}

/** Files that belong to a run. */
export interface RunFiles {
  /** Null: it is not there. */
  readonly planFile: string | null
  /** With what hosts printed, by host. */
  readonly logs: ReadonlyMap<string, string>
  /** What hosts printed last, by host; only Markdown shows it. */
  readonly tails: ReadonlyMap<string, readonly string[]>
}

/** Past runs, the latest first: two lines each. */
export function historyText(stories: readonly RunStory[], { color, width }: HistoryOptions): string {
  if (stories.length === 0) return 'No run yet.\n'
  const paint = paintFor(color)
  const blocks = stories.map((story) => {
    const { role } = outcomeOf(story)
    const told = [paint(role, resultOf(story)), timeOf(story.startedAt), runTime(story)].filter((part) => part !== '')
    const author = authorOf(story)
    const about = [
      ...(author === '' ? [] : [`by ${author}`]),
      ...(story.waves.length === 0 ? [] : [`waves ${wavesOf(story)}`]),
      planOf(story) === '' ? '' : `plan ${planOf(story)}`,
      story.end === null ? '' : countsOf(story).join(', '),
    ].filter((part) => part !== '')
    const rest = about.length === 0 ? [] : hang('    ', about.join(gap), width)
    return [[paint('strong', cleanLine(story.run)), ...told].join('  '), ...rest].join('\n')
  })
  return `${blocks.join('\n')}\n`
}

/** One run's story: its waves and hosts, what was odd, and what to type next. */
export function runText(story: RunStory, files: RunFiles, { color, width }: HistoryOptions): string {
  const paint = paintFor(color)
  const blocks = [
    headOf(story, paint, width),
    ...story.waves.map((wave) => waveBlock(wave, { files, paint, width })),
    remarksOf(story, paint, width),
    nextBlock(nextCommands(story, files.planFile), { paint, width }),
  ]
  return `${blocks
    .filter((block) => block.length > 0)
    .map((block) => block.join('\n'))
    .join('\n\n')}\n`
}

function headOf(story: RunStory, paint: Paint, width: number): readonly string[] {
  const { role } = outcomeOf(story)
  const { startedAt, name, startedBy, version, resumes, signals } = story
  const by = [
    ...(startedBy === null ? [] : [`by ${cleanLine(startedBy)}`]),
    ...(version === null ? [] : [`with fleet ${cleanLine(version)}`]),
    ...(planOf(story) === '' ? [] : [`plan ${planOf(story)}`]),
  ]
  const facts = [
    [timeOf(startedAt), runTime(story)].filter((part) => part !== '').join(', '),
    ...(by.length === 0 ? [] : [by.join(', ')]),
    ...(resumes === null ? [] : [`continues run ${cleanLine(resumes)}, which has no end recorded`]),
    ...signals.map((signal) => `interrupted by ${cleanLine(signal)}`),
    reasonOf(story),
    countsOf(story).join(', '),
  ]
  return [
    `${paint('strong', `Run ${cleanLine(story.run)}`)}${name === null ? '' : ` of ${cleanLine(name)}`}: ${paint(role, resultOf(story))}`,
    ...facts.filter((fact) => fact !== '').flatMap((fact) => hang('    ', fact, width)),
  ]
}

interface Look {
  readonly files: RunFiles
  readonly paint: Paint
  readonly width: number
}

function waveBlock(wave: WaveStory, look: Look): readonly string[] {
  const { paint, width } = look
  const column = Math.min(28, Math.max(0, ...wave.hosts.map(({ host }) => cleanLine(host).length)))
  const [first = '', ...rest] = hang(`${cleanLine(wave.name)}  `, waveOutcome(wave), width)
  const name = cleanLine(wave.name)
  return [
    first.replace(name, () => paint('strong', name)),
    ...rest,
    ...wave.hosts.flatMap((host) => hostLines(host, column, look)),
  ]
}

function hostLines(host: HostStory, column: number, { files, paint, width }: Look): readonly string[] {
  const { mark, role } = markOf(host)
  const name = pad(cleanLine(host.host), column)
  const [first = '', ...rest] = hang(`  ${mark} ${name}  `, [hostOutcome(host), ...timesOf(host)].join(gap), width)
  const log = role === 'bad' || role === 'warning' ? files.logs.get(host.host) : undefined
  return [
    first.replace(mark, () => paint(role, mark)),
    ...rest,
    ...(log === undefined ? [] : [`      log: ${cleanLine(log)}`]),
  ]
}

function remarksOf({ remarks, unreadable, end, isRunning }: RunStory, paint: Paint, width: number): readonly string[] {
  const odd =
    unreadable === 0
      ? []
      : [
          `${unreadable} ${unreadable === 1 ? 'line' : 'lines'} of its journal cannot be understood${end === null && !isRunning ? ': it was cut short' : ''}`,
        ]
  return [
    ...remarks.flatMap(({ at, isWarning, text }) => {
      const [first = '', ...rest] = hang('! ', `${timeOfDay(at)}  ${cleanLine(text)}`, width)
      return [paint(isWarning ? 'warning' : 'faint', '!') + first.slice(1), ...rest]
    }),
    ...odd.flatMap((text) => hang('! ', text, width)),
  ]
}
