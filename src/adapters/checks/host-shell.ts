import { failure } from '../../model/failure.ts'
import type { Failure, HostSettings } from '../../model/plan/plan-schema.ts'
import type { Attempt } from '../../ports/check.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Remote } from '../../ports/remote.ts'
import { later } from '../clock.ts'
import { type HostAnswer, Inbox } from '../session/inbox.ts'
import { type HostCommand, jobLines, session } from '../session/script.ts'

/** Commands of checks on hosts. */
export interface HostShell {
  /** Runs a command; null: none, only whether a new connection answers. */
  ask(attempt: Attempt, command: HostCommand | null, timeoutMs: number, signal: AbortSignal): Promise<HostAnswer>
}

interface Waiting {
  readonly command: HostCommand | null
  readonly timeoutMs: number
  readonly signal: AbortSignal
  readonly answer: (answer: HostAnswer) => void
  /** Ends the waiting with a bug. */
  readonly fail: (bug: unknown) => void
}

interface Round {
  readonly name: string
  readonly settings: HostSettings
  /** Host and phase. */
  readonly key: string
  readonly waiting: Waiting[]
}

/** Milliseconds in which checks that are due together meet, to share one connection. */
const gathering = 20
/** Milliseconds beyond its time-out that a command gets to be ended on the host and told of. */
const margin = 2000
/** Milliseconds for which output is waited for when a command has ended and something else holds its pipes. */
const pipeGrace = 500

/**
 * All checks of a host that are due together go through one new connection: one login a round. A login that was refused
 * is not tried again in that phase, by no check of the host: hosts ban an address after a few refusals.
 */
export function hostShell(remote: Remote, clock: Clock): HostShell {
  const open = new Map<string, Round>()
  const refused = new Map<string, Failure>()
  const begin = (round: Round): void => {
    open.delete(round.key)
    void runRound(round, { remote, clock }, (failure) => refused.set(round.key, failure)).catch((error: unknown) => {
      for (const { fail } of round.waiting) fail(error)
    })
  }
  return {
    ask(attempt, command, timeoutMs, signal) {
      const { name, phase, settings } = attempt
      if (settings === null) throw new Error(`bug: a check of a wave, ${attempt.check}, asks a host`)
      const key = `${phase} ${name}`
      const failure = refused.get(key)
      if (failure !== undefined) return Promise.resolve({ how: 'no-answer', failure })
      return new Promise((answer, fail) => {
        let round = open.get(key)
        if (round === undefined) {
          const begun: Round = { name, settings, key, waiting: [] }
          round = begun
          open.set(key, round)
          later(clock, gathering, () => begin(begun))
        }
        round.waiting.push({ command, timeoutMs, signal, answer, fail })
      })
    },
  }
}

/** One connection: answers each command as soon as it has ended, and is closed when nobody waits any more. */
async function runRound(
  { name, settings, waiting: all }: Round,
  { remote, clock }: { readonly remote: Remote; readonly clock: Clock },
  onRefused: (failure: Failure) => void,
): Promise<void> {
  const waiting = all.filter(({ signal, answer }) => {
    if (signal.aborted) answer({ how: 'no-answer', failure: interrupted })
    return !signal.aborted
  })
  if (waiting.length === 0) return
  const nonce = crypto.randomUUID()
  const done = new AbortController()
  const stops: (() => void)[] = []
  let left = waiting.length
  const answers = waiting.map(({ command, timeoutMs, signal, answer }) => {
    let isAnswered = false
    const finish = (said: HostAnswer) => {
      if (isAnswered) return
      isAnswered = true
      left -= 1
      answer(said)
      // Something may hold the session open; it need not be waited for.
      if (left === 0) stops.push(later(clock, pipeGrace, () => done.abort()))
    }
    const inTime = later(clock, timeoutMs + (command === null ? 0 : margin), () => finish({ how: 'timed-out' }))
    const onAbort = () => finish({ how: 'no-answer', failure: interrupted })
    signal.addEventListener('abort', onAbort, { once: true })
    stops.push(() => {
      inTime()
      signal.removeEventListener('abort', onAbort)
    })
    return finish
  })
  const inbox = new Inbox(nonce, { clock, pipeGrace }, (index, said) => answers[index]?.(said))
  const script = session + waiting.map(({ command, timeoutMs }, index) => jobLines(index, command, timeoutMs)).join('')
  const timeoutMs = Math.max(...waiting.map((one) => one.timeoutMs)) + margin
  const ended = await remote.run(
    { name, settings },
    {
      script: `${script}wait\n`,
      args: [nonce],
      asRoot: false,
      timeoutMs,
      onLine: (stream, line) => {
        if (stream === 'stdout') inbox.read(line)
      },
      // It ends with the session: whatever still runs on the host then ends too.
      onInput: () => {},
    },
    done.signal,
  )
  if (ended.how === 'no-answer' && ended.failure.code === 'ssh/refused-login') onRefused(ended.failure)
  const failure = ended.how === 'no-answer' ? ended.failure : cutShort
  inbox.close()
  for (const finish of answers) finish({ how: 'no-answer', failure })
  for (const stop of stops) stop()
}

const interrupted: Failure = failure('check/aborted', 'the checks were interrupted', '')
const cutShort: Failure = failure(
  'check/no-answer',
  'the answer was cut short',
  'The session ended before the check had answered.',
)
