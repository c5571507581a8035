import type { RunStory } from '../../model/run/story.ts'
import { historyHtml, runHtml } from './html.ts'
import { historyMarkdown, runMarkdown } from './markdown.ts'
import { type HistoryOptions, historyText, type RunFiles, runText } from './text.ts'
import type { PlanFormat } from '../plan/format.ts'
import { json } from '../markup/json.ts'

type Options = HistoryOptions & {
  readonly format: PlanFormat
  /** Bytes that Markdown may take. */
  readonly maxBytes: number
}

/** Past runs in the form that is asked for. */
export function historyDocument(stories: readonly RunStory[], options: Options): string {
  switch (options.format) {
    case 'text':
      return historyText(stories, options)
    case 'markdown':
      return historyMarkdown(stories, options)
    case 'html':
      return historyHtml(stories)
    case 'json':
      return `${json({ version: 1, runs: stories.map(outline) }, 2)}\n`
  }
}

/** One run's story in the form that is asked for. */
export function runDocument(story: RunStory, files: RunFiles, options: Options): string {
  switch (options.format) {
    case 'text':
      return runText(story, files, options)
    case 'markdown':
      return runMarkdown(story, files, options)
    case 'html':
      return runHtml(story, files)
    case 'json':
      return `${json({ version: 1, ...whole(story, files) }, 2)}\n`
  }
}

function outline({
  run,
  isRunning,
  startedAt,
  lastAt,
  name,
  startedBy,
  version,
  planId,
  resumes,
  end,
  waves,
}: RunStory) {
  return {
    run,
    running: isRunning,
    startedAt: written(startedAt),
    lastAt: written(lastAt),
    name,
    startedBy,
    fleet: version,
    planId,
    resumes,
    waves: waves.map(({ name: wave }) => wave),
    end,
  }
}

function whole(story: RunStory, { planFile, logs }: RunFiles) {
  return {
    ...outline(story),
    plan: planFile,
    signals: story.signals,
    waves: story.waves.map(({ hosts, startedAt, bakingAt, finishedAt, ...wave }) => ({
      ...wave,
      startedAt: written(startedAt),
      bakingAt: written(bakingAt),
      finishedAt: written(finishedAt),
      hosts: hosts.map((host) => ({
        ...host,
        startedAt: written(host.startedAt),
        endedAt: written(host.endedAt),
        steps: host.steps.map((step) => ({
          step: step.step,
          startedAt: written(step.startedAt),
          endedAt: written(step.endedAt),
        })),
        log: logs.get(host.host) ?? null,
      })),
    })),
    remarks: story.remarks.map(({ at, isWarning, text }) => ({ at: written(at), warning: isWarning, text })),
    unreadableLines: story.unreadable,
  }
}

/** RFC 3339, UTC. */
function written(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString()
}
