import { readFileSync } from 'node:fs'
import { packageFile } from '../../../adapters/package-file.ts'
import { fileRuns } from '../../../adapters/state/runs.ts'
import { codes } from '../../../model/codes/codes.ts'
import { cleanLine } from '../../../model/text/text.ts'
import { describedProgram } from '../../arguments/arguments.ts'
import type { Common } from '../../arguments/command.ts'
import { complete, type Names } from '../../arguments/completion.ts'
import { openFleet } from '../../open/fleet.ts'
import { stateDirectoryOf } from '../../open/place.ts'
import { type Context, exitCode } from '../../session/context.ts'

/** Shells that completion is written for. */
export type Shell = 'bash' | 'zsh' | 'fish'

/** `fleet completion SHELL`: what the shell is to read. Reads nothing else. */
export function completion({ shell }: { readonly shell: Shell }, { terminal }: Context): number {
  terminal.stdout.write(readFileSync(packageFile(`completions/fleet.${shell}`), 'utf8'))
  return exitCode.done
}

/**
 * `fleet complete -- WORD…`: what may stand in the place of the last word, one a line with a tab before what it means; `:files` where
 * the name of a file may. Names come from fleet.yaml and the state directory: nothing is evaluated and no host is contacted.
 */
export async function completeWords(
  { words, ...common }: Common & { readonly words: readonly string[] },
  { terminal }: Context,
): Promise<number> {
  // The file that is being typed is the one whose names are wanted.
  const file = fileIn(words) ?? common.file
  const { candidates, files } = complete(
    describedProgram(),
    words,
    await namesOf({ ...common, file }, terminal.environment),
  )
  const lines = candidates.map(({ value, description }) => `${cleanLine(value)}\t${cleanLine(description)}\n`)
  terminal.stdout.write(lines.join('') + (files ? ':files\n' : ''))
  return exitCode.done
}

function fileIn(words: readonly string[]): string | null {
  const at = words.findIndex((word) => word === '-f' || word === '--file')
  const inOne = words.find((word) => word.startsWith('--file='))
  return (at >= 0 && at < words.length - 1 ? words[at + 1] : inOne?.slice('--file='.length)) ?? null
}

/** Runs that are offered: the latest. */
const mostRuns = 50

async function namesOf(common: Common, environment: NodeJS.ProcessEnv): Promise<Names> {
  const found = await openFleet(common)
  const fleet = found.ok ? found.value : null
  const runs: string[] = []
  for await (const { run } of fileRuns(stateDirectoryOf(common, environment)).outlines()) {
    runs.push(run)
    if (runs.length === mostRuns) break
  }
  return {
    hosts: fleet?.hosts.map(({ name }) => name) ?? [],
    groups: Object.keys(fleet?.groups ?? {}),
    waves: fleet?.waves.map(({ name }) => name) ?? [],
    runs,
    codes: Object.keys(codes),
  }
}
