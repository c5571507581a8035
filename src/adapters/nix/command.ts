import type { Code } from '../../model/codes/codes.ts'
import { cleanText } from '../../model/text/text.ts'
import type { Failure } from '../../model/plan/plan-schema.ts'
import { type Ended, run } from '../process.ts'

/** What every Nix program of ours gets: the safe subset of reference facts, same output from 2.8 on. */
const environment = { LC_ALL: 'C', NIX_PAGER: '', NIX_PATH: undefined, NO_COLOR: '1' } as const
const features = ['--extra-experimental-features', 'nix-command flakes', '--option', 'warn-dirty', 'false']

interface More {
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
  /** Called for each line of stderr. */
  readonly onLine?: (line: string) => void
  /** Milliseconds; absent: no limit. */
  readonly timeoutMs?: number
  /** Told of the process group; the kernel then prefers it when memory runs out. */
  readonly onStart?: (process: number) => void
}

/** Runs `nix COMMAND …` with flakes switched on. */
export function nix(args: readonly string[], signal: AbortSignal, more: More = {}): Promise<Ended> {
  const [command = '', ...rest] = args
  return program('nix', [command, ...features, ...rest], signal, more)
}

/** Runs one of the classic programs (`nix-store`). */
export async function program(
  name: string,
  args: readonly string[],
  signal: AbortSignal,
  more: More = {},
): Promise<Ended> {
  const { onStart, onLine, cwd, env, timeoutMs = null } = more
  const listener = listenerOf(onStart, onLine)
  const ended = await run(
    {
      ...(onStart === undefined ? { program: name, args } : announced(name, args)),
      env: { ...environment, ...env },
      timeoutMs,
      ...(cwd === undefined ? {} : { cwd }),
      ...(listener === undefined ? {} : { onLine: (stream, line) => stream === 'stderr' && listener(line) }),
    },
    signal,
  )
  return onStart === undefined ? ended : withoutAnnouncement(ended)
}

/** Says which process it is, offers itself to the kernel when memory runs out, and becomes the program. */
const announcement = '{ echo 500 >/proc/self/oom_score_adj; } 2>/dev/null; echo "$$" >&2; exec "$@"'

function announced(name: string, args: readonly string[]) {
  return { program: 'sh', args: ['-c', announcement, 'sh', name, ...args] }
}

function listenerOf(onStart: More['onStart'], onLine: More['onLine']): ((line: string) => void) | undefined {
  if (onStart === undefined) return onLine
  let isFirst = true
  return (line) => {
    if (isFirst) onStart(Number(line))
    else onLine?.(line)
    isFirst = false
  }
}

function withoutAnnouncement(ended: Ended): Ended {
  const stderr = ended.stderr.replace(/^\d+\n/, '')
  // What sh answers when there is no such program (POSIX, Exit Status for Commands).
  return ended.how === 'exited' && ended.code === 127
    ? { how: 'not-started', reason: stderr.trim(), stdout: '', stderr }
    : { ...ended, stderr }
}

/** Why Nix did not answer, in the words a person needs; null when it succeeded. */
export function nixFailure(ended: Ended, code: Code, summary: string): Failure | null {
  switch (ended.how) {
    case 'exited':
      return ended.code === 0 ? null : { code, summary, detail: errorText(ended.stderr) || `nix exited ${ended.code}.` }
    case 'not-started':
      return {
        code: 'nix/missing',
        summary: 'nix could not be started',
        detail: `${cleanText(ended.reason)}. Is Nix installed and on PATH?`,
      }
    case 'aborted':
      return { code: 'nix/aborted', summary: 'interrupted', detail: 'Nix was interrupted.' }
    case 'killed':
      return {
        code: 'nix/killed',
        summary: 'nix was killed',
        detail: `Nix was killed by ${ended.signal}.${ended.signal === 'SIGKILL' ? ' The kernel does this when memory runs out.' : ''}`,
      }
    case 'timed-out':
    case 'too-much-output':
      return { code, summary, detail: `Nix ended as ${ended.how}.` }
  }
}

/**
 * The part of Nix's stderr that says what is wrong: from the last `error:` that is not "while …" context or a consequence.
 * Nix prints the cause after the trace since 2.20 and before it in 2.8; both hold exactly one block that begins `error:`.
 */
export function errorText(stderr: string): string {
  const lines = cleanText(stderr).split('\n')
  const meaningful = lines.filter((line) => line.trim() !== '' && !/^\s*warning:/.test(line))
  const errors = meaningful.flatMap((line, index) => (isError(line, meaningful[index + 1] ?? '') ? [index] : []))
  if (errors.length === 0) return meaningful.slice(-5).join('\n').trim()
  const start = errors.findLast((index) => !isConsequence.test(meaningful[index] ?? '')) ?? errors[0] ?? 0
  const block = [meaningful[start] ?? '']
  for (const line of meaningful.slice(start + 1)) {
    if (/^\s*(…|at |\(use '--show-trace'|\d+\||\||note:|error:)/.test(line) || block.length >= 8) break
    block.push(line)
  }
  return block
    .map((line) => line.replace(/^\s*error:\s*/, '').trim())
    .filter((line) => line !== '')
    .join('\n')
    .replace(impureHint, pureAdvice)
}

/** Nix names a flag that fleet does not have. */
const impureHint = /\(use '--impure' to override\)|; use '--impure' to override/g
const pureAdvice =
  '\nfleet evaluates purely, so a plan depends on nothing but its source. Make it a file or an input of the flake.'

const isConsequence =
  /dependenc(?:y|ies) of derivation [^\s]{1,300} failed to build|Build failed due to failed dependenc/

/** Lines of source (`12| …`) and of a build's log (`> …`) may hold the word too; `error:` alone may only open a trace. */
function isError(line: string, next: string): boolean {
  if (!/(^|\s)error:/.test(line) || /^\s*(\d*\||>)/.test(line)) return false
  return !(/error:\s*$/.test(line) && /^\s*(…|error:)/.test(next))
}
