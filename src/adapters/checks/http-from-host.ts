import { formatDuration } from '../../model/fleet/duration.ts'
import { tellFailure } from '../../model/failure.ts'
import type { HttpCheck } from '../../model/plan/plan-schema.ts'
import { shortLine } from '../../model/text/short-line.ts'
import type { Attempt } from '../../ports/check.ts'
import { lastLine } from '../last-line.ts'
import type { HostShell } from './host-shell.ts'
import type { Asked, WebRequest } from './web-request.ts'

/** What is requested from a host, for a check. */
export interface HostRequest {
  readonly check: HttpCheck
  readonly request: WebRequest
  readonly attempt: Attempt
}

/** Asks a web server from the host, with the curl that is there. */
export async function requestFromHost(
  { check, request, attempt }: HostRequest,
  shell: HostShell,
  signal: AbortSignal,
): Promise<Asked> {
  const { url, headers } = request
  const mark = crypto.randomUUID()
  const run = [
    'curl',
    // First, or it reads the login's own .curlrc.
    '-q',
    '--silent',
    '--show-error',
    '--globoff',
    '--noproxy',
    '*',
    '--max-time',
    String(check.timeoutMs / 1000),
    ...(check.insecure ? ['--insecure'] : []),
    ...(check.method === 'HEAD' ? ['--head'] : ['--request', check.method]),
    '--user-agent',
    'fleet',
    ...(check.expectBody === null ? ['--output', '/dev/null'] : []),
    '--write-out',
    `\\n${mark} %{http_code} %{redirect_url}\\n`,
    // Address and headers may hold secrets: arguments can be read by every user of the host.
    '--config',
    '-',
  ]
  const stdin = [
    `url = ${word(url)}`,
    ...Object.entries(headers).map(([name, value]) => `header = ${word(`${name}: ${value}`)}`),
  ]
  const command = { run, environment: {}, stdin: stdin.join('\n') }
  const answer = await shell.ask(attempt, command, check.timeoutMs, signal)
  if (answer.how === 'no-answer') return inconclusive(shortLine(tellFailure(answer.failure)))
  if (answer.how === 'timed-out') return failing(`no answer within ${formatDuration(check.timeoutMs)}`)
  if (answer.code === 127)
    return inconclusive('the host has no program `curl`: add it to the system, or set `from: operator`')
  // Some of curl's complaints go on for lines; the first says it.
  const complaint = /^curl: \(\d+\) (.*)$/m.exec(answer.stderr)?.[1]
  const said = lastLine(complaint ?? answer.stderr) || `curl exits ${answer.code}`
  // What curl itself does not understand or lacks says nothing about the server.
  if ([1, 2, 3, 4, 27, 126].includes(answer.code)) return inconclusive(said)
  const found = new RegExp(`\\n${mark} (\\d{3}) (.*)\\n$`).exec(answer.stdout)
  if (answer.code !== 0 || found === null) return failing(said)
  return {
    ok: true,
    answer: {
      status: Number(found[1]),
      location: found[2] === '' ? null : (found[2] ?? null),
      body: answer.stdout.slice(0, found.index),
      isCut: answer.isCut,
    },
  }
}

/** A value of curl's configuration (man curl, --config). */
function word(value: string): string {
  return `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n').replaceAll('\r', '\\r')}"`
}

function failing(message: string): Asked {
  return { ok: false, why: { result: 'fail', message } }
}

function inconclusive(message: string): Asked {
  return { ok: false, why: { result: 'error', message } }
}
