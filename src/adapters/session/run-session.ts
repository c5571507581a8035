import { failure } from '../../model/failure.ts'
import type { Failure } from '../../model/plan/plan-schema.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Address, CommandAnswer, HostCommand, Remote, RemoteAnswer } from '../../ports/remote.ts'
import { later } from '../clock.ts'
import { Inbox } from './inbox.ts'
import { jobLines, session } from './script.ts'

/** A command whose answer is waited for. */
export interface Waiting {
  /** Null: none, only whether a new connection answers. */
  readonly command: HostCommand | null
  readonly timeoutMs: number
  readonly signal: AbortSignal
  readonly answer: (answer: CommandAnswer) => void
  /** Ends the waiting with a bug. */
  readonly fail: (bug: unknown) => void
}

/** Commands for one host, all of which start when its connection stands. */
export interface Session {
  readonly host: Address
  readonly asRoot: boolean
  readonly waiting: readonly Waiting[]
  /** Milliseconds beyond its time-out that a command gets to start, to be ended on the host and told of. */
  readonly margin: number
  /** What is said of commands whose session ended before them; `hasSpoken`: any of them had answered, or begun to. */
  readonly cutShort: (ended: RemoteAnswer & { readonly how: 'answered' }, hasSpoken: boolean) => Failure
}

/** Milliseconds for which output is waited for when a command has ended and something else holds its pipes. */
const pipeGrace = 500

/**
 * Runs commands through one new connection: answers each as soon as it has ended, and closes it when nobody waits any more.
 * Returns why the host did not answer; null: it did.
 */
export async function runSession(
  { host, asRoot, waiting: all, margin, cutShort }: Session,
  { remote, clock }: { readonly remote: Remote; readonly clock: Clock },
): Promise<Failure | null> {
  const waiting = all.filter(({ signal, answer }) => {
    if (signal.aborted) answer(interrupted(false))
    return !signal.aborted
  })
  if (waiting.length === 0) return null
  const nonce = crypto.randomUUID()
  const done = new AbortController()
  const waits = waitFor(waiting, { margin, clock, done })
  const began = clock.now()
  const isOver = (index: number) => clock.now() - began >= (waiting[index]?.timeoutMs ?? 0)
  const inbox = new Inbox(nonce, { clock, pipeGrace, isOver }, (index, said) => waits.finish(index, said))
  const script = session + waiting.map(({ command, timeoutMs }, index) => jobLines(index, command, timeoutMs)).join('')
  const ended = await remote.run(
    host,
    {
      // A signal ends the first wait, and what it does to the commands is waited for.
      script: `${script}wait\nwait\n`,
      args: [nonce],
      asRoot,
      timeoutMs: Math.max(...waiting.map((one) => one.timeoutMs)) + margin,
      onLine: (stream, line) => {
        if (stream === 'stdout') inbox.read(line)
      },
      // It ends with the session: whatever still runs on the host then ends too.
      onInput: () => {},
    },
    done.signal,
  )
  inbox.close()
  const [begun, reason] =
    ended.how === 'no-answer' ? [ended.begun, ended.failure] : [true, cutShort(ended, inbox.hasRead)]
  waits.finishAll({ how: 'no-answer', begun, failure: reason })
  return ended.how === 'no-answer' ? ended.failure : null
}

interface Waits {
  finish(index: number, said: CommandAnswer): void
  finishAll(said: CommandAnswer): void
}

/** Sees to it that each command is answered once: by the host, by its time, or by a signal. */
function waitFor(
  waiting: readonly Waiting[],
  { margin, clock, done }: { readonly margin: number; readonly clock: Clock; readonly done: AbortController },
): Waits {
  const stops: (() => void)[] = []
  let left = waiting.length
  const finishers = waiting.map(({ command, timeoutMs, signal, answer }) => {
    let isAnswered = false
    const finish = (said: CommandAnswer) => {
      if (isAnswered) return
      isAnswered = true
      left -= 1
      answer(said)
      // Something may hold the session open; it need not be waited for.
      if (left === 0) stops.push(later(clock, pipeGrace, () => done.abort()))
    }
    const late: CommandAnswer = { how: 'timed-out', isEnded: false, ...nothingPrinted }
    const inTime = later(clock, timeoutMs + (command === null ? 0 : margin), () => finish(late))
    const onAbort = () => finish(interrupted(true))
    signal.addEventListener('abort', onAbort, { once: true })
    stops.push(() => {
      inTime()
      signal.removeEventListener('abort', onAbort)
    })
    return finish
  })
  return {
    finish: (index, said) => finishers[index]?.(said),
    finishAll(said) {
      for (const finish of finishers) finish(said)
      for (const stop of stops) stop()
    },
  }
}

const nothingPrinted = { stdout: '', stderr: '', isCut: false, isErrorCut: false }

function interrupted(begun: boolean): CommandAnswer {
  return { how: 'no-answer', begun, failure: failure('check/aborted', 'the checks were interrupted', '') }
}
