import type { HostStory, RunStory } from '../model/story.ts'
import { cleanLine } from '../model/text.ts'
import type { RunFiles } from './history-text.ts'
import {
  authorsOf,
  countsOf,
  fateOf,
  markOf,
  moment,
  nextCommands,
  outcomeOf,
  timesOf,
  waveFate,
} from './history-words.ts'
import { code, prose } from './markdown.ts'

/** Past runs as a table. */
export function historyMarkdown(stories: readonly RunStory[]): string {
  if (stories.length === 0) return 'No run yet.\n'
  const rows = stories.map((story) =>
    row([
      code(cleanLine(story.run)),
      moment(story.startedAt),
      prose(authorsOf(story).join(' · ')),
      prose(outcomeOf(story).text),
      prose(countsOf(story).join(', ')),
      story.end?.exitCode == null ? '' : String(story.end.exitCode),
    ]),
  )
  return [
    row(['Run', 'When', 'Who and what', 'Outcome', 'Hosts', 'Exit code']),
    row(Array(6).fill('---')),
    ...rows,
    '',
  ].join('\n')
}

/** One run's story: a table for each wave. */
export function runMarkdown(story: RunStory, { planFile }: RunFiles): string {
  const parts = [
    `## Run ${code(cleanLine(story.run))}: ${prose(outcomeOf(story).text)}`,
    prose([moment(story.startedAt), ...authorsOf(story), countsOf(story).join(', ')].join(' · ')),
    ...(story.end === null || story.end.reason === '' ? [] : [prose(cleanLine(story.end.reason))]),
    ...story.waves.map((wave) =>
      [
        `### ${prose(cleanLine(wave.name))}: ${prose(waveFate(wave))}`,
        '',
        row(['', 'Host', 'What became of it', 'Took']),
        row(Array(4).fill('---')),
        ...wave.hosts.map(hostRow),
      ].join('\n'),
    ),
    ...(story.remarks.length === 0 ? [] : [story.remarks.map(({ text }) => `- ${prose(cleanLine(text))}`).join('\n')]),
    ...nextCommands(story, planFile).map(([command, why]) => `${code(command)}: ${why}`),
  ]
  return `${parts.join('\n\n')}\n`
}

function hostRow(host: HostStory): string {
  return row([markOf(host).mark, code(cleanLine(host.host)), prose(fateOf(host)), prose(timesOf(host).join(' · '))])
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`
}
