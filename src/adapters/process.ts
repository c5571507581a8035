import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import type { Writable } from 'node:stream'
import { execa } from 'execa'
import { mayOpen } from './files/open-files.ts'
import { later, systemClock } from './clock.ts'
import type { Clock } from '../ports/clock.ts'
import { type KeptOutput, keepOutput } from './kept-output.ts'
import { isGroupAlive, signalGroup } from './process-group.ts'

/** A program to run and its limits. */
export interface Invocation {
  readonly program: string
  readonly args: readonly string[]
  readonly stdin?: string
  /** Keeps standard input open after `stdin` was written, and is given it. */
  readonly onInput?: (input: Writable) => void
  /** Added to fleet's own environment; `undefined` removes a variable. */
  readonly env?: Readonly<Record<string, string | undefined>>
  readonly cwd?: string
  /** Milliseconds; null: no limit. */
  readonly timeoutMs: number | null
  /** Milliseconds that may pass without a byte of output, from the start or since the last one; absent: no limit. */
  readonly silenceMs?: number
  /** Bytes kept of each stream; a program that prints more is ended. */
  readonly maxBytes?: number
  /** Ends what is left of its process group when the program itself has ended. */
  readonly endGroup?: boolean
  /** Called for each line, kept to its first 4,096 characters. */
  readonly onLine?: (stream: 'stdout' | 'stderr', line: string) => void
}

/** How a program ended, with what it printed until then. */
export type Ended = { readonly stdout: string; readonly stderr: string } & (
  | { readonly how: 'exited'; readonly code: number }
  | { readonly how: 'killed'; readonly signal: string }
  | {
      readonly how: 'timed-out' | 'aborted' | 'too-much-output'
      /** The process that another user owns (as what sudo runs), which fleet may not end and did not wait for. */
      readonly goesOn?: number
    }
  | { readonly how: 'not-started'; readonly reason: string }
)

/** Files that starting a child takes for a moment: both ends of three pipes, and of the one that tells how its start went. */
const filesOfChild = 8
const tooManyFiles =
  'fleet has as many files open as it may (EMFILE): raise the limit with `ulimit -n`, or change fewer hosts at a time.'

const withNull = 'an argument holds a null byte, which no program can be given.'

const defaultMaxBytes = 64 * 1024 * 1024
/** Milliseconds between SIGTERM and SIGKILL. */
const patience = 2_000
/** Milliseconds that a pipe may stay open in a grandchild's hands after its program has ended. */
const pipeGrace = 500

/**
 * Runs a program in a process group of its own, so that the terminal's Ctrl-C does not reach it,
 * and ends the whole group when the time is over by `clock` or `signal` fires.
 */
export async function run(invocation: Invocation, signal: AbortSignal, clock: Clock = systemClock): Promise<Ended> {
  if (signal.aborted) return { how: 'aborted', stdout: '', stderr: '' }
  const wrong = invocation.args.find((arg) => arg.includes('\0'))
  if (wrong !== undefined) return { how: 'not-started', reason: withNull, stdout: '', stderr: '' }
  // Node throws an event that cannot be caught where it has no room for the pipes of a child.
  if (!mayOpen(filesOfChild)) return { how: 'not-started', reason: tooManyFiles, stdout: '', stderr: '' }
  const child = execa(invocation.program, invocation.args, {
    detached: true,
    cleanup: false,
    reject: false,
    stripFinalNewline: false,
    // What it would keep it also writes into the message of its error, character by character: a host's megabytes take seconds.
    buffer: false,
    env: invocation.env ?? {},
    ...stdinOf(invocation),
    ...(invocation.cwd === undefined ? {} : { cwd: invocation.cwd }),
  })
  if (invocation.onInput !== undefined) handOver(child.stdin, invocation)
  const stop = stopper(child.pid, clock, () => child.stdin?.destroy())
  const onAbort = () => stop.because('aborted')
  // A signal of our own: hundreds of programs may listen to the operator's at once, which Node takes for a leak.
  const abort = AbortSignal.any([signal])
  abort.addEventListener('abort', onAbort, { once: true })
  if (abort.aborted) onAbort()
  const { timeoutMs } = invocation
  const inTime = timeoutMs === null ? () => {} : later(clock, timeoutMs, () => stop.because('timed-out'))
  let letGo = () => {}
  // A grandchild may hold the pipes: the result comes from `exit`, not from their end.
  child.once('exit', () => {
    stop.exited()
    if (invocation.endGroup === true && child.pid !== undefined) signalGroup(child.pid, 'SIGKILL')
    letGo = later(clock, pipeGrace, () => {
      child.stdout?.destroy()
      child.stderr?.destroy()
    })
  })
  const forget = watchSilence([child.stdout, child.stderr], { silenceMs: invocation.silenceMs, clock }, () =>
    stop.because('timed-out'),
  )
  const { onLine, maxBytes = defaultMaxBytes } = invocation
  const [stdout, stderr] = (['stdout', 'stderr'] as const).map((stream) =>
    keepOutput(child[stream], {
      maxBytes,
      ...(onLine === undefined ? {} : { onLine: (line: string) => onLine(stream, line) }),
      onTooMuch: () => stop.because('too-much-output'),
    }),
  ) as [KeptOutput, KeptOutput]
  const result = await Promise.race([child, stop.givenUp])
  stdout.end()
  stderr.end()
  abort.removeEventListener('abort', onAbort)
  inTime()
  letGo()
  forget()
  if (result === null) return leftAlone(child, stop.cause() ?? 'aborted')
  // Of a program that has ended already, the last of its output may be what is too much.
  const cause = stop.cause() ?? (stdout.isTooMuch() || stderr.isTooMuch() ? 'too-much-output' : null)
  stop.done(cause)
  return ended(result, { stdout: stdout.text(), stderr: stderr.text() }, cause)
}

/** Nobody waits any longer for a process that may not be ended: its pipes are closed, and fleet may end before it does. */
function leftAlone(child: Pick<ChildProcess, 'pid' | 'stdout' | 'stderr' | 'unref'>, how: Cause): Ended {
  child.stdout?.destroy()
  child.stderr?.destroy()
  child.unref()
  return { how, stdout: '', stderr: '', ...(child.pid === undefined ? {} : { goesOn: child.pid }) }
}

function stdinOf({ stdin, onInput }: Invocation) {
  if (onInput !== undefined) return { stdin: 'pipe' as const }
  return stdin === undefined ? { stdin: 'ignore' as const } : { input: stdin }
}

/** A program that has ended reads no more: how it ended says the rest. */
function handOver(input: Writable | null, { stdin = '', onInput }: Invocation): void {
  if (input === null) return
  input.on('error', () => {})
  input.write(stdin)
  onInput?.(input)
}

/** Calls back when a program has been silent for too long; what it returns ends the watch. */
function watchSilence(
  streams: readonly (NodeJS.ReadableStream | null)[],
  { silenceMs, clock }: { readonly silenceMs: number | undefined; readonly clock: Clock },
  onSilence: () => void,
): () => void {
  if (silenceMs === undefined) return () => {}
  let forget = later(clock, silenceMs, onSilence)
  const heard = () => {
    forget()
    forget = later(clock, silenceMs, onSilence)
  }
  for (const stream of streams) stream?.on('data', heard)
  return () => {
    for (const stream of streams) stream?.off('data', heard)
    forget()
  }
}

/** Why fleet ended a program. */
type Cause = 'aborted' | 'timed-out' | 'too-much-output'

interface Result {
  readonly exitCode?: number | undefined
  readonly signal?: string | undefined
  readonly shortMessage?: string | undefined
  readonly originalMessage?: string | undefined
}

function ended(result: Result, printed: Pick<Ended, 'stdout' | 'stderr'>, cause: Cause | null): Ended {
  if (cause !== null) return { how: cause, ...printed }
  if (result.exitCode !== undefined) return { how: 'exited', code: result.exitCode, ...printed }
  if (result.signal !== undefined) return { how: 'killed', signal: result.signal, ...printed }
  return { how: 'not-started', reason: result.originalMessage ?? result.shortMessage ?? 'unknown', ...printed }
}

function stopper(pid: number | undefined, clock: Clock, closeInput: () => void) {
  let cause: Cause | null = null
  let notHard = () => {}
  let hasExited = false
  let giveUp: (nothing: null) => void = () => {}
  const givenUp = new Promise<null>((resolve) => (giveUp = resolve))
  return {
    because(why: Cause) {
      if (cause !== null || pid === undefined || hasExited) return
      cause = why
      // What may not be signalled may still end with its input.
      if (signalGroup(pid, 'SIGTERM') === 'not-allowed') closeInput()
      notHard = later(clock, patience, () => {
        if (signalGroup(pid, 'SIGKILL') === 'not-allowed') giveUp(null)
      })
    },
    /** Resolves when a process that must end and may not be ended has had its time. */
    givenUp,
    /** From now on nothing changes how the program ended, though others may hold its pipes. */
    exited() {
      hasExited = true
    },
    done(why: Cause | null) {
      notHard()
      if (why !== null && pid !== undefined) signalGroup(pid, 'SIGKILL')
    },
    cause: () => cause,
  }
}

/** A program whose streams both go to a file, so that it, and what it starts, can go on writing when fleet is gone. */
export interface LoggedProcess {
  /** How the program itself ended; others of its group may go on. */
  readonly exited: Promise<LoggedEnd>
  signal(to: 'program' | 'group', signal: NodeJS.Signals): void
  /** Whether anything of its process group is still at work. */
  isGroupAlive(): boolean
}

/** See {@link LoggedProcess}. */
export type LoggedEnd =
  | { readonly how: 'exited'; readonly code: number }
  | { readonly how: 'killed'; readonly signal: string }
  | { readonly how: 'not-started'; readonly reason: string }

/** Starts a program in a session of its own, with nothing to read and no terminal to ask at; appends to the file `log`. */
export function startLogged(
  invocation: Pick<Invocation, 'program' | 'args' | 'env' | 'cwd'>,
  log: string,
): LoggedProcess {
  const file = logAt(log)
  if (typeof file !== 'number') return neverStarted(file)
  const child = spawnLogged(invocation, file)
  closeSync(file)
  if (child instanceof Error) return neverStarted(child)
  const { pid } = child
  return {
    exited: new Promise((resolve) => {
      child.on('error', (error) => {
        // Also comes where a signal is not permitted: such a program goes on, and `exit` says how it ends.
        if (pid === undefined) resolve({ how: 'not-started', reason: error.message })
      })
      child.once('exit', (code, signal) =>
        resolve(code === null ? { how: 'killed', signal: signal ?? 'unknown' } : { how: 'exited', code }),
      )
    }),
    signal(to, signal) {
      if (pid === undefined) return
      if (to === 'group') signalGroup(pid, signal)
      else child.kill(signal)
    },
    isGroupAlive: () => pid !== undefined && isGroupAlive(pid),
  }
}

/** A program that writes to an open file; execa would read its streams itself, so that they would end with fleet. Or why it cannot be started. */
function spawnLogged(
  { program, args, env, cwd }: Pick<Invocation, 'program' | 'args' | 'env' | 'cwd'>,
  file: number,
): ChildProcess | Error {
  try {
    return spawn(program, args, {
      detached: true,
      env: { ...process.env, ...env },
      stdio: ['ignore', file, file],
      ...(cwd === undefined ? {} : { cwd }),
    })
  } catch (error) {
    // Arguments that are too long, or that hold a null byte.
    if (error instanceof Error && 'code' in error) return error
    throw error
  }
}

/** A descriptor of the log, or why there is none: the disk is full, or too many files are open. */
function logAt(log: string): number | Error {
  try {
    return openSync(log, 'a', 0o600)
  } catch (error) {
    if (error instanceof Error && 'syscall' in error) return error
    throw error
  }
}

function neverStarted({ message }: Error): LoggedProcess {
  return {
    exited: Promise.resolve({ how: 'not-started', reason: message }),
    signal: () => {},
    isGroupAlive: () => false,
  }
}
