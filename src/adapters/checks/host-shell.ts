import { failure } from '../../model/failure.ts'
import type { Failure, HostSettings } from '../../model/plan/plan-schema.ts'
import type { Attempt } from '../../ports/check.ts'
import type { Clock } from '../../ports/clock.ts'
import type { CommandAnswer, HostCommand, Remote } from '../../ports/remote.ts'
import { later } from '../clock.ts'
import { runSession, type Waiting } from '../session/run-session.ts'

/** Commands of checks on hosts. */
export interface HostShell {
  /** Runs a command; null: none, only whether a new connection answers. */
  ask(attempt: Attempt, command: HostCommand | null, timeoutMs: number, signal: AbortSignal): Promise<CommandAnswer>
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
      if (failure !== undefined) return Promise.resolve({ how: 'no-answer', begun: false, failure })
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

/** One connection for the round; the commands end on the host with it. */
async function runRound(
  { name, settings, waiting }: Round,
  ports: { readonly remote: Remote; readonly clock: Clock },
  onRefused: (failure: Failure) => void,
): Promise<void> {
  const host = { name, settings }
  const unanswered = await runSession({ host, asRoot: false, waiting, margin, cutShort: () => cutShort }, ports)
  if (unanswered?.code === 'ssh/refused-login') onRefused(unanswered)
}

const cutShort: Failure = failure(
  'check/no-answer',
  'the answer was cut short',
  'The session ended before the check had answered.',
)
