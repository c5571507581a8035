import type { HostStory } from '../../model/run/host-story.ts'
import type { RunStory, WaveStory } from '../../model/run/story.ts'
import { cleanLine } from '../../model/text/text.ts'
import type { RunFiles } from './text.ts'
import {
  aboutOf,
  authorOf,
  countsOf,
  hostOutcome,
  markOf,
  nextCommands,
  planOf,
  reasonOf,
  resultOf,
  runTime,
  timeOf,
  timesOf,
  waveOutcome,
  wavesOf,
} from './words.ts'
import { code, fence, prose } from '../markup/markdown.ts'
import { truncate } from '../terminal/width.ts'

/** How much room there is. */
interface Room {
  /** Bytes of UTF-8; from `leastMaxBytes`. */
  readonly maxBytes: number
}

/** Past runs as a table, the latest first; older ones are left out where there is no room for them. */
export function historyMarkdown(stories: readonly RunStory[], { maxBytes }: Room): string {
  if (stories.length === 0) return 'No run yet.\n'
  const rows = stories.map((story) =>
    row([
      code(cleanLine(story.run)),
      timeOf(story.startedAt),
      prose(authorOf(story)),
      prose(wavesOf(story)),
      planOf(story) === '' ? '' : code(planOf(story)),
      prose(resultOf(story)),
      prose(countsOf(story).join(', ')),
      runTime(story),
    ]),
  )
  const head = [row(['Run', 'Started', 'By', 'Waves', 'Plan', 'Result', 'Hosts', 'Time']), row(Array(8).fill('---'))]
  const sizes = rows.map((line) => Buffer.byteLength(line) + 1)
  const all = [...head, ...rows, ''].join('\n')
  if (Buffer.byteLength(all) <= maxBytes) return all
  const leftOut = (count: number) => `${count} older left out to fit in ${maxBytes} bytes: \`fleet history\``
  let free = maxBytes - Buffer.byteLength([...head, '', leftOut(rows.length), ''].join('\n'))
  const tooMuch = sizes.findIndex((size) => (free -= size) < 0)
  return [...head, ...rows.slice(0, tooMuch), '', leftOut(rows.length - tooMuch), ''].join('\n')
}

/** How much of a run is told; `missing`: what is left out, in words. */
interface Telling {
  readonly missing: string
  readonly hosts: 'all' | 'troubled' | 'none'
  readonly remarks: boolean
  /** Lines of each troubled host's log. */
  readonly lines: number
}

/** What is left out first stands first. */
const tellings: readonly Telling[] = [
  { missing: '', hosts: 'all', remarks: true, lines: 20 },
  { missing: 'remarks', hosts: 'all', remarks: false, lines: 20 },
  { missing: 'remarks and hosts that need no look', hosts: 'troubled', remarks: false, lines: 20 },
  { missing: 'remarks, hosts that need no look and most of the logs', hosts: 'troubled', remarks: false, lines: 5 },
  { missing: 'remarks, hosts that need no look and the logs', hosts: 'troubled', remarks: false, lines: 0 },
  { missing: 'waves, hosts and logs', hosts: 'none', remarks: false, lines: 0 },
]

/**
 * One run's story: a table for each wave, and of each host that needs a look what it printed last and the file with the rest.
 * What does not fit is left out by whole sections, and said to be.
 */
export function runMarkdown(story: RunStory, files: RunFiles, { maxBytes }: Room): string {
  for (const telling of tellings) {
    const text = tell(story, files, telling, maxBytes)
    if (Buffer.byteLength(text) <= maxBytes) return text
  }
  const run = truncate(cleanLine(story.run), nameAtMost)
  return `## Run ${code(run)}\n\nAll of it is left out to fit in ${maxBytes} bytes: \`fleet history\`\n`
}

/** Columns of a name where nothing else fits. */
const nameAtMost = 40

function tell(story: RunStory, files: RunFiles, telling: Telling, maxBytes: number): string {
  const { missing, hosts, remarks, lines } = telling
  const parts = [
    `## Run ${code(cleanLine(story.run))}: ${prose(resultOf(story))}`,
    [prose(aboutOf(story).join(' · ')), ...(planOf(story) === '' ? [] : [`plan ${code(planOf(story))}`])].join(' · '),
    ...[reasonOf(story)].filter((reason) => reason !== '').map(prose),
    ...(missing === ''
      ? []
      : [
          `Left out to fit in ${maxBytes} bytes: ${missing}. ${code(`fleet history ${cleanLine(story.run)}`)} has them.`,
        ]),
    ...(hosts === 'none' ? [] : story.waves.map((wave) => waveTable(wave, hosts))),
    ...(hosts === 'none' ? [] : story.waves.flatMap((wave) => wave.hosts.flatMap((host) => logOf(host, files, lines)))),
    ...(remarks && story.remarks.length > 0
      ? [story.remarks.map(({ text }) => `- ${prose(cleanLine(text))}`).join('\n')]
      : []),
    ...nextCommands(story, files.planFile).map(({ command, why }) => `${code(command)}: ${prose(why)}`),
  ]
  return `${parts.join('\n\n')}\n`
}

function waveTable(wave: WaveStory, hosts: 'all' | 'troubled'): string {
  const shown = hosts === 'all' ? wave.hosts : wave.hosts.filter(needsLook)
  const table = [row(['', 'Host', 'Result', 'Time']), row(Array(4).fill('---')), ...shown.map(hostRow)]
  const rest = wave.hosts.length - shown.length
  return [
    `### ${prose(cleanLine(wave.name))}: ${prose(waveOutcome(wave))}`,
    ...(shown.length === 0 && rest > 0 ? [] : ['', ...table]),
    ...(rest === 0 ? [] : ['', `${rest} more`]),
  ].join('\n')
}

function needsLook(host: HostStory): boolean {
  const { role } = markOf(host)
  return role === 'bad' || role === 'warning'
}

/** What a host that needs a look printed last, in a fence that it cannot leave, and the file that has all of it. */
function logOf(host: HostStory, { logs, tails }: RunFiles, count: number): readonly string[] {
  const file = logs.get(host.host)
  if (file === undefined || !needsLook(host)) return []
  const lines = count === 0 ? [] : (tails.get(host.host) ?? []).slice(-count).map(cleanLine)
  return [
    `${code(cleanLine(host.host))}: log ${code(cleanLine(file))}${lines.length === 0 ? '' : ', which ends with'}`,
    ...(lines.length === 0 ? [] : [fence('', lines).join('\n')]),
  ]
}

function hostRow(host: HostStory): string {
  return row([
    markOf(host).mark,
    code(cleanLine(host.host)),
    prose(hostOutcome(host)),
    prose(timesOf(host).join(' · ')),
  ])
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`
}
