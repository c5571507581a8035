import { formatDuration } from '../../model/fleet/duration.ts'
import type { Check } from '../../model/plan/plan-schema.ts'
import type { CheckSubject, Measurement } from '../../ports/check.ts'
import { attemptOnce, type CheckPorts } from './attempt.ts'

/** What the checks of a host say together. `inconclusive`: something could not be measured until its deadline. */
export type Health =
  | { readonly health: 'healthy' }
  | { readonly health: 'unhealthy' | 'inconclusive'; readonly check: string; readonly message: string }

/** One change of a check's state. */
export interface CheckReport {
  readonly result: 'pass' | 'fail' | 'error'
  readonly message: string
  readonly check: string
  readonly severity: Check['severity']
  readonly attempts: number
  readonly durationMs: number
}

export interface VerifyRequest {
  readonly subject: CheckSubject
  readonly checks: Readonly<Record<string, Check>>
  /** Names of checks that failed before the change: they are asked and told, and do not condemn it. */
  readonly failing?: ReadonlySet<string>
  readonly onReport: (report: CheckReport) => void
}

/** True for a check whose failure condemns the host. */
export function condemns(name: string, check: Check, failing: VerifyRequest['failing']): boolean {
  return check.severity === 'fail' && failing?.has(name) !== true
}

/**
 * Runs all of a host's checks at once, each until its result is steady or its deadline has come. Those that can condemn nothing
 * are asked at least once, and no longer than the others take: a known failure must not hold up every host for minutes.
 */
export async function verify(request: VerifyRequest, ports: CheckPorts, signal: AbortSignal): Promise<Health> {
  const began = ports.clock.now()
  const enough = new AbortController()
  const start = (list: readonly (readonly [string, Check])[], stop: AbortSignal | null) =>
    Promise.all(
      list.map(async ([name, check]) => ({
        name,
        ...(await measureUntilSteady({ name, check, began, enough: stop, request }, ports, signal)),
      })),
    )
  const all = Object.entries(request.checks)
  const blocking = all.filter(([name, check]) => condemns(name, check, request.failing))
  const watching = start(
    all.filter((entry) => !blocking.includes(entry)),
    enough.signal,
  )
  const results = await start(blocking, null)
  enough.abort()
  await watching
  const bad = results.find(({ result }) => result === 'fail') ?? results.find(({ result }) => result === 'error')
  if (bad === undefined) return { health: 'healthy' }
  return { health: bad.result === 'fail' ? 'unhealthy' : 'inconclusive', check: bad.name, message: bad.message }
}

interface Measuring {
  readonly name: string
  readonly check: Check
  /** The same moment for all checks of a host, so that those with the same interval stay due together. */
  readonly began: number
  /** When it fires, one measurement is enough; null: its result must be steady. */
  readonly enough: AbortSignal | null
  readonly request: VerifyRequest
}

/** What a check has said so far. */
interface Heard {
  last: Measurement | null
  /** The last that was measured. */
  decided: Measurement | null
  errors: number
  passes: number
  /** When the unbroken row of passes began, ms since the epoch. */
  steadySince: number
  shown: CheckReport['result'] | null
}

/** Repeats one check until it passes as often and as long as it must, or its deadline has come. */
async function measureUntilSteady(measuring: Measuring, ports: CheckPorts, signal: AbortSignal): Promise<Measurement> {
  const { name, check, began, enough, request } = measuring
  const { clock } = ports
  const deadline = began + check.deadlineMs
  const first = began + check.initialDelayMs
  const heard: Heard = { last: null, decided: null, errors: 0, passes: 0, steadySince: 0, shown: null }
  const pause = enough === null ? signal : AbortSignal.any([signal, enough])
  await clock.sleep(check.initialDelayMs, signal)
  for (let attempts = 1; !signal.aborted && clock.now() < deadline; attempts += 1) {
    const measured = await attemptOnce(check, { ...request.subject, check: name, attempt: attempts }, ports, {
      until: deadline,
      signal,
    })
    const now = clock.now()
    hear(heard, measured, now)
    report(heard, measured, measuring, { attempts, now })
    if (isSteady(heard, check, now)) return measured
    await clock.sleep(Math.min(nextAt(heard, check, first, now), deadline) - now, pause)
    if (enough?.aborted === true) break
  }
  return verdict(heard, check)
}

function hear(heard: Heard, measured: Measurement, now: number): void {
  heard.last = measured
  heard.errors = measured.result === 'error' ? heard.errors + 1 : 0
  if (measured.result !== 'error') heard.decided = measured
  if (measured.result !== 'pass') heard.passes = 0
  else {
    if (heard.passes === 0) heard.steadySince = now
    heard.passes += 1
  }
}

function report(
  heard: Heard,
  { result, message }: Measurement,
  { name, check, began, request }: Measuring,
  { attempts, now }: { readonly attempts: number; readonly now: number },
): void {
  // Pending is no state of its own: nothing is known yet.
  if (result === 'pending' || result === heard.shown) return
  heard.shown = result
  const known = result === 'fail' && request.failing?.has(name) === true
  request.onReport({
    result,
    message: known ? `${message} (it failed before the change too)` : message,
    check: name,
    severity: check.severity,
    attempts,
    durationMs: now - began,
  })
}

function isSteady({ passes, steadySince }: Heard, check: Check, now: number): boolean {
  return passes >= check.successThreshold && now - steadySince >= check.stableForMs
}

/** When the next attempt is due: at a multiple of the interval, or as soon as one more pass would be enough. */
function nextAt({ last, passes, steadySince }: Heard, check: Check, first: number, now: number): number {
  if (last?.result === 'pending' && last.retryAfterMs != null) return now + Math.max(last.retryAfterMs, leastPause)
  const regular = first + (Math.floor((now - first) / check.intervalMs) + 1) * check.intervalMs
  const steadyAt = steadySince + check.stableForMs
  return passes >= Math.max(1, check.successThreshold - 1) && steadyAt > now ? Math.min(regular, steadyAt) : regular
}

/** Milliseconds between two attempts of a check that asks for none. */
const leastPause = 100
/** Errors in a row after which what was measured before says nothing any more (Argo's consecutiveErrorLimit). */
const errorLimit = 4

/** What holds when the time is over. */
function verdict({ last, decided, errors }: Heard, check: Check): Measurement {
  const within = `within ${formatDuration(check.deadlineMs)} (deadline)`
  switch (last?.result) {
    case undefined:
      return { result: 'error', message: 'it gave no result in time' }
    case 'pass':
      return { result: 'fail', message: `passed, but not for long enough ${within}` }
    case 'pending':
      return { result: 'fail', message: `not ready ${within}: ${last.message}` }
    case 'fail':
      return last
    case 'error':
      return decided?.result === 'fail' && errors < errorLimit ? decided : last
  }
}
