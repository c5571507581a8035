import { parseDuration } from '../../model/fleet/duration.ts'
import type { CommandCheck } from '../../model/plan/plan-schema.ts'
import { shortLine } from '../../model/text/short-line.ts'
import { cleanLine } from '../../model/text/text.ts'
import type { Attempt, Measurement } from '../../ports/check.ts'
import { lastLine } from '../last-line.ts'

/** A check's program that has ended by itself. */
export interface Printed {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
  /** It printed more than is kept, so that the beginning is not there. */
  readonly isCut: boolean
}

/** What a program of the `json` protocol and a module are told, as one JSON document. */
export function documentOf(
  { phase, name, settings, plan, attempt }: Attempt,
  more: unknown,
): Readonly<Record<string, unknown>> {
  return {
    version: 1,
    phase,
    host: settings === null ? null : { name, address: settings.address[0] },
    plan: { from: plan.from, to: plan.to },
    attempt,
    with: more,
  }
}

/** Variables that a check's program gets: the host's and the check's `vars`, and `FLEET_…`. */
export function environmentOf(
  { name, settings, wave, run, plan }: Attempt,
  own: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  return {
    ...own,
    ...settings?.vars,
    FLEET_HOST: settings === null ? '' : name,
    FLEET_ADDRESS: settings?.address[0] ?? '',
    FLEET_WAVE: wave,
    FLEET_RUN: run ?? '',
    FLEET_FROM: plan.from ?? '',
    FLEET_TO: plan.to ?? '',
  }
}

/** What a program that ended by itself says, by its protocol. */
export function readProtocol(protocol: CommandCheck['protocol'], printed: Printed): Measurement {
  const { code, stdout, stderr } = printed
  const said = lastLine(stdout) || lastLine(stderr)
  // Shells say so of what they could not start, and of what a signal ended (POSIX sh, 2.8.2).
  if (code === 126 || code === 127)
    return { result: 'error', message: `its program could not be run: ${lastLine(stderr) || `exit status ${code}`}` }
  if (code > 128 && code <= 159) return { result: 'error', message: `its program was killed by signal ${code - 128}` }
  switch (protocol) {
    case 'exit':
      return { result: resultOfExit(code), message: said || `exit status ${code}` }
    case 'nagios':
      return nagios(printed)
    case 'json':
      return json(printed)
  }
}

function resultOfExit(code: number): 'pass' | 'fail' | 'error' {
  if (code === 0) return 'pass'
  return code === 75 ? 'error' : 'fail'
}

/** The first line is the message and what follows `|` are numbers, as the guidelines for Nagios plugins have it. */
function nagios({ code, stdout, stderr, isCut }: Printed): Measurement {
  const [text = ''] = cleanLine(stdout.split('\n')[0] ?? '').split('|', 1)
  const said = isCut
    ? 'it printed more than 64 KiB'
    : shortLine(text.trim()) || lastLine(stderr) || `exit status ${code}`
  switch (code) {
    case 0:
      return { result: 'pass', message: said }
    case 1:
      return { result: 'pass', message: `warning: ${said}` }
    case 2:
      return { result: 'fail', message: said }
    case 3:
      return { result: 'error', message: said }
    default:
      return { result: 'error', message: `exit status ${code}, which no Nagios plugin has: ${said}` }
  }
}

function json({ code, stdout, stderr, isCut }: Printed): Measurement {
  if (isCut) return { result: 'error', message: 'its answer is longer than 64 KiB' }
  let answer: unknown
  try {
    answer = JSON.parse(stdout)
  } catch (error) {
    const why = stdout.trim() === '' ? 'it printed nothing' : `its answer is not JSON: ${shortLine(String(error))}`
    const rest = lastLine(stderr)
    const end = code === 0 ? '' : ` (exit status ${code})`
    return { result: 'error', message: shortLine(cleanLine(`${why}${end}${rest === '' ? '' : `: ${rest}`}`)) }
  }
  const measured = readAnswer(answer)
  if (measured.result === 'pass' && code !== 0)
    return { result: 'error', message: `it says pass and exits ${code}: ${measured.message}` }
  return measured
}

/** What a check's own document says, `{status, message, retryAfter?}`; anything else is an error. */
export function readAnswer(answer: unknown): Measurement {
  const wrong = (why: string): Measurement => ({ result: 'error', message: `its answer is not valid: ${why}` })
  if (typeof answer !== 'object' || answer === null || Array.isArray(answer)) return wrong('it is not an object')
  const { status, message = '', retryAfter } = answer as Readonly<Record<string, unknown>>
  if (typeof message !== 'string') return wrong('`message` is not a text')
  const said = shortLine(cleanLine(message)) || String(status)
  if (status === 'pass' || status === 'fail' || status === 'error') return { result: status, message: said }
  if (status !== 'pending') return wrong('`status` is none of pass, fail, error, pending')
  const retryAfterMs = pauseOf(retryAfter)
  if (retryAfterMs === undefined) return wrong('`retryAfter` is neither a number of seconds nor a text such as "10s"')
  return { result: 'pending', message: said, retryAfterMs }
}

/** Milliseconds; null: it asks for none; undefined: nobody can tell. */
function pauseOf(retryAfter: unknown): number | null | undefined {
  if (retryAfter === undefined || retryAfter === null) return null
  if (typeof retryAfter === 'string') return parseDuration(retryAfter) ?? undefined
  const isSeconds = typeof retryAfter === 'number' && retryAfter >= 0 && retryAfter <= 86_400
  return isSeconds ? retryAfter * 1000 : undefined
}
