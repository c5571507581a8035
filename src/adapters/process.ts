import { StringDecoder } from 'node:string_decoder'
import { execa } from 'execa'

/** A program to run and its limits. */
export interface Invocation {
  readonly program: string
  readonly args: readonly string[]
  readonly stdin?: string
  /** Added to fleet's own environment; `undefined` removes a variable. */
  readonly env?: Readonly<Record<string, string | undefined>>
  readonly cwd?: string
  /** Milliseconds; null: no limit. */
  readonly timeoutMs: number | null
  /** Bytes kept of each stream; a program that prints more is ended. */
  readonly maxBytes?: number
  readonly onLine?: (stream: 'stdout' | 'stderr', line: string) => void
}

/** How a program ended, with what it printed until then. */
export type Ended = { readonly stdout: string; readonly stderr: string } & (
  | { readonly how: 'exited'; readonly code: number }
  | { readonly how: 'killed'; readonly signal: string }
  | { readonly how: 'timed-out' | 'aborted' | 'too-much-output' }
  | { readonly how: 'not-started'; readonly reason: string }
)

const defaultMaxBytes = 64 * 1024 * 1024
/** Milliseconds between SIGTERM and SIGKILL. */
const patience = 2_000
/** Milliseconds that a pipe may stay open in a grandchild's hands after its program has ended. */
const pipeGrace = 500

/**
 * Runs a program in a process group of its own, so that the terminal's Ctrl-C does not reach it,
 * and ends the whole group when the time is over or `signal` fires.
 */
export async function run(invocation: Invocation, signal: AbortSignal): Promise<Ended> {
  if (signal.aborted) return { how: 'aborted', stdout: '', stderr: '' }
  const child = execa(invocation.program, invocation.args, {
    detached: true,
    cleanup: false,
    reject: false,
    stripFinalNewline: false,
    maxBuffer: invocation.maxBytes ?? defaultMaxBytes,
    env: invocation.env ?? {},
    ...(invocation.stdin === undefined ? { stdin: 'ignore' as const } : { input: invocation.stdin }),
    ...(invocation.cwd === undefined ? {} : { cwd: invocation.cwd }),
  })
  const stop = stopper(child.pid)
  const onAbort = () => stop.because('aborted')
  // A signal of our own: hundreds of programs may listen to the operator's at once, which Node takes for a leak.
  const abort = AbortSignal.any([signal])
  abort.addEventListener('abort', onAbort, { once: true })
  const timer =
    invocation.timeoutMs === null ? undefined : setTimeout(() => stop.because('timed-out'), invocation.timeoutMs)
  // A grandchild may hold the pipes: the result comes from `exit`, not from their end.
  child.once('exit', () => {
    stop.exited()
    setTimeout(() => {
      child.stdout?.destroy()
      child.stderr?.destroy()
    }, pipeGrace).unref()
  })
  const { onLine } = invocation
  const streams = onLine === undefined ? [] : (['stdout', 'stderr'] as const)
  const finish = streams.map((stream) => splitLines(child[stream], (line) => onLine?.(stream, line)))
  const result = await child
  for (const tellRest of finish) tellRest()
  abort.removeEventListener('abort', onAbort)
  clearTimeout(timer)
  stop.done(result.isMaxBuffer)
  return ended(result, stop.cause())
}

interface Result {
  readonly stdout?: string | undefined
  readonly stderr?: string | undefined
  readonly exitCode?: number | undefined
  readonly signal?: string | undefined
  readonly isMaxBuffer: boolean
  readonly shortMessage?: string | undefined
  readonly originalMessage?: string | undefined
}

function ended(result: Result, cause: 'aborted' | 'timed-out' | null): Ended {
  const printed = { stdout: result.stdout ?? '', stderr: result.stderr ?? '' }
  if (cause !== null) return { how: cause, ...printed }
  if (result.isMaxBuffer) return { how: 'too-much-output', ...printed }
  if (result.exitCode !== undefined) return { how: 'exited', code: result.exitCode, ...printed }
  if (result.signal !== undefined) return { how: 'killed', signal: result.signal, ...printed }
  return { how: 'not-started', reason: result.originalMessage ?? result.shortMessage ?? 'unknown', ...printed }
}

function stopper(pid: number | undefined) {
  let cause: 'aborted' | 'timed-out' | null = null
  let hard: NodeJS.Timeout | undefined
  let hasExited = false
  return {
    because(why: 'aborted' | 'timed-out') {
      if (cause !== null || pid === undefined || hasExited) return
      cause = why
      signalGroup(pid, 'SIGTERM')
      hard = setTimeout(() => signalGroup(pid, 'SIGKILL'), patience)
    },
    /** From now on nothing changes how the program ended, though others may hold its pipes. */
    exited() {
      hasExited = true
    },
    done(tooMuch: boolean) {
      clearTimeout(hard)
      if ((cause !== null || tooMuch) && pid !== undefined) signalGroup(pid, 'SIGKILL')
    },
    cause: () => cause,
  }
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal)
  } catch (error) {
    // ESRCH: the group has ended already, which is what was wanted.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

/** Tells each line; what it returns tells an unfinished last one. */
function splitLines(stream: NodeJS.ReadableStream | null, onLine: (line: string) => void): () => void {
  let rest = ''
  // A chunk may end within a letter.
  const decoder = new StringDecoder('utf8')
  stream?.on('data', (chunk: Buffer) => {
    const lines = (rest + decoder.write(chunk)).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) onLine(line)
  })
  return () => {
    rest += decoder.end()
    if (rest !== '') onLine(rest)
    rest = ''
  }
}
