import { formatDuration } from '../../model/fleet/duration.ts'
import { request as plain } from 'node:http'
import { request as encrypted } from 'node:https'
import { fillIn } from '../../model/fleet/placeholders.ts'
import type { HttpCheck } from '../../model/plan/plan-schema.ts'
import { shortLine } from '../../model/text/short-line.ts'
import { cleanLine } from '../../model/text/text.ts'
import type { Attempt, CheckType, Measurement } from '../../ports/check.ts'
import { bodyMatches } from './body-match.ts'
import type { HostShell } from './host-shell.ts'
import { requestFromHost } from './http-from-host.ts'
import type { NetworkAddress } from './network-address.ts'
import type { Asked, WebAnswer, WebRequest } from './web-request.ts'

/** Bytes of a body that are read for `expectBody`. */
const longestBody = 1024 * 1024

/** Passes when a web server answers as expected. Redirects are answers: they are not followed. */
export function httpCheck(shell: HostShell, addressOf: NetworkAddress): CheckType<HttpCheck> {
  return {
    async measure(check, attempt, signal) {
      const request = await requestOf(check, attempt, addressOf, signal)
      if (typeof request === 'string') return { result: 'error', message: request }
      const asked =
        check.from === 'host'
          ? await requestFromHost({ check, request, attempt }, shell, signal)
          : await requestFromHere(check, request, signal)
      return asked.ok ? judge(check, asked.answer) : asked.why
    },
  }
}

/** The request with its placeholders filled in, or why that is not possible. */
async function requestOf(
  { url, headers }: HttpCheck,
  attempt: Attempt,
  addressOf: NetworkAddress,
  signal: AbortSignal,
): Promise<WebRequest | string> {
  const address = /\{\{host\.address\}\}/.test(url) ? await addressOf(attempt, signal) : null
  const { settings } = attempt
  const name = settings === null ? null : attempt.name
  const vars = settings?.vars ?? {}
  // An IPv6 address stands in brackets in a URL.
  const literal = address?.includes(':') === true ? `[${address}]` : address
  const filled = fillIn(url, { name, address: literal, vars })
  if (!filled.ok) return `{{${filled.word}}} has no value here`
  if (!URL.canParse(filled.text)) return `${shortLine(cleanLine(filled.text))} is not a URL`
  const lines: Record<string, string> = {}
  for (const [key, value] of Object.entries(headers)) {
    const line = fillIn(value, { name, address: address ?? settings?.address[0] ?? null, vars })
    if (!line.ok) return `{{${line.word}}} has no value here`
    lines[key] = line.text
  }
  return { url: filled.text, headers: lines }
}

function requestFromHere(check: HttpCheck, { url, headers }: WebRequest, signal: AbortSignal): Promise<Asked> {
  const ask = url.startsWith('https:') ? encrypted : plain
  const limit = AbortSignal.timeout(check.timeoutMs)
  return new Promise((resolve) => {
    const fail = (error: Error) => resolve({ ok: false, why: whyNot(error, check, limit, signal) })
    try {
      const request = ask(url, {
        method: check.method,
        headers: { 'user-agent': 'fleet', accept: '*/*', ...headers },
        // Each attempt is a connection of its own, as a visitor's is.
        agent: false,
        rejectUnauthorized: !check.insecure,
        signal: AbortSignal.any([limit, signal]),
      })
      request.on('error', fail)
      request.on('response', (response) => {
        const parts: Buffer[] = []
        let length = 0
        const finish = (isCut: boolean) => {
          const { location } = response.headers
          const body = Buffer.concat(parts).toString('utf8')
          resolve({ ok: true, answer: { status: response.statusCode ?? 0, location: location ?? null, body, isCut } })
          request.destroy()
        }
        response.on('error', fail)
        if (check.expectBody === null) return finish(false)
        response.on('data', (part: Buffer) => {
          parts.push(part)
          length += part.length
          if (length >= longestBody) finish(true)
        })
        response.on('end', () => finish(false))
      })
      request.end()
    } catch (error) {
      // A header or a method that no request can have.
      resolve({ ok: false, why: { result: 'error', message: cleanLine(String(error)) } })
    }
  })
}

function whyNot(error: Error, { timeoutMs }: HttpCheck, limit: AbortSignal, signal: AbortSignal): Measurement {
  if (signal.aborted) return { result: 'error', message: 'it was interrupted' }
  if (limit.aborted) return { result: 'fail', message: `no answer within ${formatDuration(timeoutMs)}` }
  return { result: 'fail', message: shortLine(cleanLine(tellError(error))) }
}

/** An error in words; one of several connections (`localhost` is two addresses) holds the words of each. */
function tellError(error: Error): string {
  const inner = error instanceof AggregateError ? (error.errors as readonly Error[]) : []
  return inner.length > 0 ? inner.map(({ message }) => message).join(' · ') : error.message || String(error)
}

function judge({ expectStatus, expectBody }: HttpCheck, { status, location, body, isCut }: WebAnswer): Measurement {
  const to = location === null ? '' : ` (to ${shortLine(cleanLine(location))})`
  if (!expectStatus.includes(status))
    return { result: 'fail', message: `HTTP ${status}${to}, expected ${expectStatus.join(' or ')}` }
  if (expectBody === null) return { result: 'pass', message: `HTTP ${status}${to}` }
  const matches = bodyMatches(expectBody, body)
  const pattern = shortLine(cleanLine(`/${expectBody}/`))
  if (matches === null) return { result: 'error', message: `${pattern} takes too long on this answer` }
  if (matches) return { result: 'pass', message: `HTTP ${status}, the body matches ${pattern}` }
  return isCut
    ? { result: 'error', message: `the body is longer than what is read of it, and that does not match ${pattern}` }
    : { result: 'fail', message: `HTTP ${status}, but the body does not match ${pattern}` }
}
