import { failure } from '../model/failure.ts'
import type { Failure } from '../model/plan/plan-schema.ts'
import { shortLine } from '../model/text/short-line.ts'
import { cleanLine } from '../model/text/text.ts'
import type { Clock } from '../ports/clock.ts'
import type { Commands, Remote } from '../ports/remote.ts'
import { lastLine } from './last-line.ts'
import { runSession } from './session/run-session.ts'

/** Milliseconds beyond the login and its time that a command gets to be ended on the host and told of. */
const patience = 3000

/** Commands through `remote`, each in a session of its own. */
export function sessionCommands(remote: Remote, clock: Clock): Commands {
  return {
    run: (host, { command, asRoot, timeoutMs }, signal) =>
      new Promise((answer, fail) => {
        const { address, ssh } = host.settings
        // The time is that of the command: addresses that do not answer take none of it.
        const margin = address.length * ssh.connectTimeoutMs + patience
        const waiting = [{ command, timeoutMs, signal, answer, fail }]
        const cutShort = ({ stderr }: { readonly stderr: string }, hasSpoken: boolean) =>
          asRoot && !hasSpoken ? noRoot(stderr) : endedBefore
        runSession({ host, asRoot, waiting, margin, cutShort }, { remote, clock }).catch(fail)
      }),
  }
}

const endedBefore: Failure = failure(
  'exec/cut-short',
  'the session ended before the command',
  'The host ends a command together with its connection.',
)

function noRoot(stderr: string): Failure {
  const said = shortLine(cleanLine(lastLine(stderr)))
  return failure('exec/no-root', 'the login may not act as root', said)
}
