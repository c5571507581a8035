import { lastLines } from '../../../adapters/state/last-lines.ts'
import { fileRuns } from '../../../adapters/state/runs.ts'
import { diagnostic } from '../../../model/diagnostic.ts'
import { foldLines, tellFolded } from '../../../model/text/folded-lines.ts'
import { outlineStory, type RunStory, storyOf } from '../../../model/run/story.ts'
import type { Runs } from '../../../ports/journal.ts'
import { historyDocument, runDocument } from '../../../views/history/document.ts'
import type { Common } from '../../arguments/command.ts'
import type { FormatFlags } from '../../arguments/plan-flags.ts'
import { type Context, exitCode } from '../../session/context.ts'
import { findRun } from '../../open/find-run.ts'
import { stateDirectoryOf } from '../../open/place.ts'
import { tell } from '../../session/tell.ts'
import { styleOf } from '../../session/terminal.ts'

type Flags = Common & FormatFlags & { readonly run: string | null }

/** Lines of a failed host's log that are looked at, and of which so many different ones are shown. */
const [readOfLog, shownOfLog] = [400, 20]

/** `fleet history [RUN]`: past runs, or one run's story, from their journals. Asks no host and writes nothing. */
export async function history(flags: Flags, context: Context): Promise<number> {
  const { terminal } = context
  const state = stateDirectoryOf(flags, terminal.environment)
  try {
    return await tellOf(fileRuns(state), flags, context)
  } catch (error) {
    if (!(error instanceof Error && 'syscall' in error)) throw error
    const problem = diagnostic('state/unreadable', 'the journals cannot be read', `${state}: ${error.message}`)
    tell([problem], terminal, flags)
    return exitCode.failed
  }
}

async function tellOf(runs: Runs, flags: Flags, { terminal }: Context): Promise<number> {
  const { stdout } = terminal
  const options = { ...flags, ...styleOf(stdout, terminal, flags.color) }
  if (flags.run === null) {
    const stories: RunStory[] = []
    for await (const { run, isRunning, ...edges } of runs.outlines()) stories.push(outlineStory(run, isRunning, edges))
    stdout.write(historyDocument(stories, options))
    return exitCode.done
  }
  const found = await findRun(runs, flags.run)
  tell(found.diagnostics, terminal, flags)
  if (!found.ok) return exitCode.usage
  const tails = flags.format === 'markdown' ? tailsOf(found.value.logs) : new Map<string, readonly string[]>()
  stdout.write(runDocument(storyOf(found.value), { ...found.value, tails }, options))
  return exitCode.done
}

function tailsOf(logs: ReadonlyMap<string, string>): ReadonlyMap<string, readonly string[]> {
  return new Map([...logs].map(([host, file]) => [host, lastOf(file)]))
}

function lastOf(file: string): readonly string[] {
  return foldLines(lastLines(file, readOfLog)).slice(-shownOfLog).map(tellFolded)
}
