import { parseDuration } from '../../model/fleet/duration.ts'
import type { RawSelection, Selection } from './selection.ts'

export interface ExecFlags extends Selection {
  /** The program and its arguments; empty: the shell that the script names. */
  readonly words: readonly string[]
  /** A file that is the program's standard input; null: it has none. */
  readonly script: string | null
  readonly sudo: boolean
  /** Milliseconds that the command may take on a host. */
  readonly timeoutMs: number
  readonly json: boolean
  /** Hosts at once. */
  readonly parallelism: number
}

/** What the argument parser makes of the options of `exec`. */
export interface RawExec extends RawSelection {
  readonly script?: string
  readonly sudo: boolean
  readonly timeout: string
  readonly json: boolean
  readonly parallelism: number
}

/** Reads the options of `exec`; `argv` is the whole command line, `wrong` ends with a usage error. */
export function execFlags(
  words: readonly string[],
  { wave, on, script, sudo, timeout, json, parallelism }: RawExec,
  argv: readonly string[],
  wrong: (message: string) => never,
): ExecFlags {
  if (words.length === 0 && script === undefined)
    wrong('nothing to run: give a command after `--`, or a file with --script')
  // Without it, an option of the command would be taken for one of fleet's, today or in a later version.
  if (words.length > 0 && !argv.includes('--')) wrong(commandHint(words))
  if (words.some((word) => word.includes('\0'))) wrong('a word of the command holds a NUL character')
  const timeoutMs = parseDuration(timeout)
  if (timeoutMs === null || timeoutMs === 0)
    return wrong(`--timeout takes a duration such as 30s or 10m, not ${timeout}`)
  return { words, script: script ?? null, sudo, timeoutMs, json, parallelism, waves: wave, on }
}

/** Reads the words of `ssh` after its host; `argv` is the whole command line, `wrong` ends with a usage error. */
export function sshWords(
  words: readonly string[],
  argv: readonly string[],
  wrong: (message: string) => never,
): readonly string[] {
  if (words.length > 0 && !argv.includes('--'))
    wrong(`put \`--\` before the command: fleet ssh HOST -- ${words.join(' ')}`)
  if (words.some((word) => word.includes('\0'))) wrong('a word of the command holds a NUL character')
  return words
}

function commandHint(words: readonly string[]): string {
  return `put \`--\` before the command: fleet exec -- ${words.join(' ')}`
}

/** What to type where an option of the command was taken for one of fleet's, because no `--` stands before it. */
export function dashesHint(argv: readonly string[], said: string): string {
  const isAbout = argv.some((word) => word === 'exec' || word === 'ssh') && !argv.includes('--')
  return isAbout && said.includes('unknown option') ? 'Put `--` before the command that the host is to run.\n' : ''
}
