import { formatDuration } from '../../model/fleet/duration.ts'
import type { Check } from '../../model/plan/plan-schema.ts'
import { attemptOnce, type CheckPorts } from './attempt.ts'
import { condemns, type Health, type VerifyRequest } from './verify.ts'

/** When a watch ends. */
export interface Watch {
  /** The host has baked long enough. What fails at that moment is watched on until it has recovered or condemned the host. */
  readonly over: AbortSignal
  /** Ends it at once; what it says then means nothing. */
  readonly stop: AbortSignal
}

/**
 * Keeps asking the checks of a host that is healthy. It is unhealthy when a check that failed has not recovered within
 * that check's own `deadline`: the same patience as after the change, so that one bad answer does not take a wave back
 * and a flap within the budget is healthy. Recovered means what healthy means:
 * `successThreshold` passes, for `stableFor`. What could not be measured for that long is `inconclusive`.
 */
export async function watchHealth(request: VerifyRequest, ports: CheckPorts, watch: Watch): Promise<Health> {
  const found = new AbortController()
  const ended = { over: watch.over, stop: AbortSignal.any([watch.stop, found.signal]) }
  const findings: Health[] = []
  await Promise.all(
    Object.entries(request.checks).map(async ([name, check]) => {
      const health = await watchCheck({ name, check, request }, ports, ended)
      if (health.health === 'healthy') return
      findings.push(health)
      found.abort()
    }),
  )
  return findings[0] ?? { health: 'healthy' }
}

/** A time in which a check has not been healthy. */
interface Trouble {
  /** Ms since the epoch. */
  readonly since: number
  /** The last that was measured in it; null: nothing could be. */
  failure: string | null
  passes: number
  steadySince: number
}

async function watchCheck(
  { name, check, request }: { readonly name: string; readonly check: Check; readonly request: VerifyRequest },
  ports: CheckPorts,
  { over, stop }: Watch,
): Promise<Health> {
  const { clock } = ports
  const began = clock.now()
  const ended = AbortSignal.any([over, stop])
  let trouble: Trouble | null = null
  // It was healthy just now.
  let shown: string = 'pass'
  for (let attempts = 1; ; attempts += 1) {
    const regular = began + (Math.floor((clock.now() - began) / check.intervalMs) + 1) * check.intervalMs
    const until = trouble === null ? regular : Math.min(regular, trouble.since + check.deadlineMs)
    await clock.sleep(until - clock.now(), trouble === null ? ended : stop)
    if (stop.aborted || (over.aborted && trouble === null)) return { health: 'healthy' }
    const limit = trouble === null ? Number.POSITIVE_INFINITY : trouble.since + check.deadlineMs
    if (trouble !== null && clock.now() >= limit) return finding(name, check, trouble)
    const { result, message } = await attemptOnce(
      check,
      { ...request.subject, check: name, attempt: attempts },
      ports,
      { until: limit, signal: stop },
    )
    // What an ended watch was told is about the watch, not about the host.
    if (stop.aborted) return { health: 'healthy' }
    const now = clock.now()
    if (result !== 'pending' && result !== shown) {
      shown = result
      request.onReport({ result, message, check: name, severity: check.severity, attempts, durationMs: now - began })
    }
    // What condemns nothing is told, and holds nothing up.
    if (condemns(name, check, request.failing)) trouble = follow(trouble, { result, message }, check, now)
  }
}

/** The trouble after one more measurement; null: there is none, or it is over. */
function follow(
  trouble: Trouble | null,
  { result, message }: { readonly result: string; readonly message: string },
  check: Check,
  now: number,
): Trouble | null {
  if (result !== 'pass') {
    const failure = result === 'error' ? (trouble?.failure ?? null) : message
    return { since: trouble?.since ?? now, failure, passes: 0, steadySince: 0 }
  }
  if (trouble === null) return null
  if (trouble.passes === 0) trouble.steadySince = now
  trouble.passes += 1
  const isOver = trouble.passes >= check.successThreshold && now - trouble.steadySince >= check.stableForMs
  return isOver ? null : trouble
}

function finding(name: string, check: Check, { failure, passes }: Trouble): Health {
  const patience = `within ${formatDuration(check.deadlineMs)} (deadline)`
  if (failure !== null)
    return { health: 'unhealthy', check: name, message: `${failure}; it did not recover ${patience}` }
  const what = passes === 0 ? 'it gave no result' : 'it gave no result without a break'
  return { health: 'inconclusive', check: name, message: `${what} ${patience}` }
}
