import { failure } from '../../model/failure.ts'
import type { Code } from '../../model/codes/codes.ts'
import { cleanText } from '../../model/text/text.ts'
import type { Failure } from '../../model/plan/plan-schema.ts'
import type { Ended } from '../process.ts'

interface Wording {
  readonly pattern: RegExp
  readonly code: Code
  readonly summary: string
  /** The command had not begun on the host. */
  readonly begun: boolean
}

/** What OpenSSH 8 to 10 print, most telling first (ssh.c, sshconnect.c, sshconnect2.c, packet.c, clientloop.c). */
const wordings: readonly Wording[] = [
  {
    // Before the others: how a session that had begun was lost (`Read from remote host: Connection timed out`).
    pattern: /client_loop|Read from remote host|Timeout, server|Connection to \S+ closed by remote host/,
    code: 'ssh/connection-lost',
    summary: 'the connection was lost',
    begun: true,
  },
  {
    pattern: /REMOTE HOST IDENTIFICATION HAS CHANGED|host key .{0,300} has changed/i,
    code: 'ssh/host-key-changed',
    summary: 'host key changed',
    begun: false,
  },
  {
    pattern: /Host key verification failed|No .{0,300} host key is known/,
    code: 'ssh/host-key-unknown',
    summary: 'host key unknown',
    begun: false,
  },
  {
    pattern: /^\S+: Permission denied \(|Too many authentication failures/m,
    code: 'ssh/refused-login',
    summary: 'login refused',
    begun: false,
  },
  {
    pattern: /Could not resolve hostname/,
    code: 'ssh/unknown-address',
    summary: 'the address does not resolve',
    begun: false,
  },
  { pattern: /Connection refused/, code: 'ssh/connection-refused', summary: 'connection refused', begun: false },
  {
    pattern: /timed out|No route to host|Network is unreachable|Host is down/,
    code: 'ssh/no-answer',
    summary: 'no answer',
    begun: false,
  },
  {
    pattern: /kex_exchange_identification|banner exchange/,
    code: 'ssh/connection-closed',
    summary: 'the host closed the connection before a login',
    begun: false,
  },
  {
    pattern: /Connection reset|Broken pipe/,
    code: 'ssh/connection-lost',
    summary: 'the connection was lost',
    begun: true,
  },
]

/**
 * Why there is no answer, or null when the remote command ended by itself. ssh's own failures exit 255. What the host
 * printed is among ssh's words, so a session that has answered anything had begun, whatever else is said.
 */
export function sshFailure(ended: Ended, address: string): { failure: Failure; begun: boolean } | null {
  switch (ended.how) {
    case 'exited': {
      if (ended.code !== 255) return null
      const found = wordings.find(({ pattern, begun }) => pattern.test(ended.stderr) && (begun || ended.stdout === ''))
      const said = lastLines(ended.stderr)
      const { code, summary, begun } = found ?? {
        code: 'ssh/connection-lost',
        summary: 'the connection was lost',
        begun: true,
      }
      return {
        begun,
        failure: {
          code,
          summary,
          detail: `ssh to ${address}: ${said === '' ? 'ended without a message' : said}${advice(code, said, ended.stderr)}`,
        },
      }
    }
    case 'timed-out':
      return {
        begun: true,
        failure: failure(
          'ssh/timed-out',
          'no answer in time',
          `The session with ${address} took too long and was ended.`,
        ),
      }
    case 'aborted':
      return {
        begun: true,
        failure: failure(
          'ssh/aborted',
          'interrupted',
          `The ssh session with ${address} was interrupted. A command it had started may still be running there.`,
        ),
      }
    case 'killed':
      return {
        begun: true,
        failure: failure('ssh/connection-lost', 'the connection was lost', `ssh was killed by ${ended.signal}.`),
      }
    case 'too-much-output':
      return {
        begun: true,
        failure: failure(
          'ssh/too-much-output',
          'the host printed too much',
          `${address} printed more than fleet reads.`,
        ),
      }
    case 'not-started':
      return { begun: false, failure: failure('ssh/missing', 'ssh could not be started', cleanText(ended.reason)) }
  }
}

function advice(code: Code, said: string, stderr: string): string {
  const stop = said.endsWith('.') ? ' ' : '. '
  switch (code) {
    case 'ssh/refused-login':
      return `${stop}fleet does not try again: the host may ban an address after a few refusals.`
    case 'ssh/host-key-changed':
    case 'ssh/host-key-unknown':
      return `${stop}${sentKey(stderr)}Compare the fingerprint on the console of the host, then pin it as ssh.hostKey or add it to known_hosts.`
    default:
      return ''
  }
}

/** The fingerprint to compare, which ssh tells far above its last lines. */
function sentKey(stderr: string): string {
  const [fingerprint] = /\bSHA256:[A-Za-z0-9+/]{43}/.exec(stderr) ?? []
  return fingerprint === undefined ? '' : `It sent ${fingerprint}. `
}

/** What ssh said last; not its way to remove a key from a known_hosts, which may be a file that fleet wrote for this run. */
function lastLines(text: string): string {
  const lines = text.split('\n').map((line) => cleanText(line).trim())
  return lines
    .filter(
      (line) =>
        line !== '' &&
        !/^[@\s]+$|^remove with:$|^ssh-keygen -f |^Offending .* key in |^Please contact your system|^Add correct host key in /.test(
          line,
        ),
    )
    .slice(-3)
    .join(' · ')
}
