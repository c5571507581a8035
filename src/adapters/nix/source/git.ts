import { type Ended, run } from '../../process.ts'

/** Nothing that reads a working tree takes longer, unless something is wrong with its disk. */
const timeoutMs = 10_000

/**
 * Runs git on a tree, reading only: no lock of the index, no prompt, no pager, no monitor and no check of signatures that the
 * repository configures, and nothing fetched that a partial clone lacks. A folder that a commit holds may be laid out as a bare
 * repository and bring a configuration, which names programs: to this git only a folder with a `.git` is a repository. Null where git is missing, refuses, or does not end: nothing depends on it.
 */
export async function git(tree: string, args: readonly string[], signal: AbortSignal): Promise<string | null> {
  const ended = await runGit(tree, args, signal)
  return isAnswer(ended) ? ended.stdout : null
}

/** Why git refuses a tree, in its own words, first line first; empty: it does not. */
export async function gitError(tree: string, signal: AbortSignal): Promise<string> {
  const ended = await runGit(tree, ['rev-parse', '--show-toplevel'], signal)
  return ended.how === 'exited' && ended.code !== 0 ? ended.stderr.replace(/^fatal: /, '').trim() : ''
}

const settings = [
  'core.fsmonitor=false',
  'core.quotePath=false',
  'log.showSignature=false',
  'safe.bareRepository=explicit',
]

async function runGit(tree: string, args: readonly string[], signal: AbortSignal): Promise<Ended> {
  const options = ['--no-pager', ...settings.flatMap((setting) => ['-c', setting]), '-C', tree]
  return run(
    {
      program: 'git',
      args: [...options, ...args],
      env: {
        LC_ALL: 'C',
        GIT_OPTIONAL_LOCKS: '0',
        GIT_TERMINAL_PROMPT: '0',
        GIT_NO_LAZY_FETCH: '1',
        GIT_DIR: undefined,
        GIT_WORK_TREE: undefined,
      },
      timeoutMs,
      maxBytes: 16 * 1024 * 1024,
    },
    signal,
  )
}

function isAnswer(ended: Ended): boolean {
  return ended.how === 'exited' && ended.code === 0
}
