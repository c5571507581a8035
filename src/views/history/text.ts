import { shortPlanId } from '../../model/plan/short-id.ts'
import type { HostStory, RunStory, WaveStory } from '../../model/run/story.ts'
import { cleanLine } from '../../model/text/text.ts'
import {
  authorsOf,
  countsOf,
  fateOf,
  lasting,
  markOf,
  moment,
  nextCommands,
  outcomeOf,
  timesOf,
  waveFate,
} from './words.ts'
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
    const { text, role } = outcomeOf(story)
    const code = story.end?.exitCode == null ? '' : ` (${story.end.exitCode})`
    const head = `${paint('strong', cleanLine(story.run))}  ${moment(story.startedAt)}  ${paint(role, text + code)}`
    const rest = [...authorsOf(story), ...(story.end === null ? [] : [countsOf(story).join(', ')])]
    return [head, ...hang('    ', rest.join(gap), width)].join('\n')
  })
  return `${blocks.join('\n')}\n`
}

/** One run's story: its waves and hosts, what was odd, and what to type next. */
export function runText(story: RunStory, files: RunFiles, { color, width }: HistoryOptions): string {
  const paint = paintFor(color)
  const blocks = [
    headOf(story, paint, width),
    ...story.waves.map((wave) => waveBlock(wave, files, paint, width)),
    remarksOf(story, paint, width),
    nextCommands(story, files.planFile).map(
      ([command, why], index) => `${index === 0 ? 'Next: ' : '  or: '}${paint('strong', command)}  (${why})`,
    ),
  ]
  return `${blocks
    .filter((block) => block.length > 0)
    .map((block) => block.join('\n'))
    .join('\n\n')}\n`
}

function headOf(story: RunStory, paint: Paint, width: number): readonly string[] {
  const { text, role } = outcomeOf(story)
  const code = story.end?.exitCode == null ? '' : `, exit code ${story.end.exitCode}`
  const { startedAt, lastAt, name, operator, version, planId, resumes, end, signals } = story
  const by = [
    ...(operator === null ? [] : [`by ${cleanLine(operator)}`]),
    ...(version === null ? [] : [`with fleet ${cleanLine(version)}`]),
    ...(planId === null ? [] : [`plan ${cleanLine(shortPlanId(planId))}`]),
  ]
  const took = startedAt === null || lastAt === null ? '' : `, ${lasting(lastAt - startedAt)}`
  const facts = [
    `${moment(startedAt)}${took}`,
    ...(by.length === 0 ? [] : [by.join(', ')]),
    ...(resumes === null ? [] : [`it picked up ${cleanLine(resumes)}, which had no end`]),
    ...signals.map((signal) => `interrupted by ${cleanLine(signal)}`),
    ...(end === null || end.reason === '' ? [] : [cleanLine(end.reason)]),
    countsOf(story).join(', '),
  ]
  return [
    `${paint('strong', `Run ${cleanLine(story.run)}`)}${name === null ? '' : ` of ${cleanLine(name)}`}: ${paint(role, text)}${code}`,
    ...facts.filter((fact) => fact !== '').flatMap((fact) => hang('    ', fact, width)),
  ]
}

function waveBlock(wave: WaveStory, files: RunFiles, paint: Paint, width: number): readonly string[] {
  const column = Math.min(28, Math.max(0, ...wave.hosts.map(({ host }) => cleanLine(host).length)))
  const [first = '', ...rest] = hang(`${cleanLine(wave.name)}  `, waveFate(wave), width)
  const name = cleanLine(wave.name)
  return [
    first.replace(name, () => paint('strong', name)),
    ...rest,
    ...wave.hosts.flatMap((host) => hostLines(host, column, files, paint, width)),
  ]
}

function hostLines(host: HostStory, column: number, files: RunFiles, paint: Paint, width: number): readonly string[] {
  const { mark, role } = markOf(host)
  const name = pad(cleanLine(host.host), column)
  const [first = '', ...rest] = hang(`  ${mark} ${name}  `, [fateOf(host), ...timesOf(host)].join(gap), width)
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
      const [first = '', ...rest] = hang('! ', `${moment(at).slice(11)}  ${cleanLine(text)}`, width)
      return [paint(isWarning ? 'warning' : 'faint', '!') + first.slice(1), ...rest]
    }),
    ...odd.flatMap((text) => hang('! ', text, width)),
  ]
}
