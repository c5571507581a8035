import { formatDuration } from '../../model/fleet/duration.ts'
import type { Check } from '../../model/plan/plan-schema.ts'
import { shortLine } from '../../model/text/short-line.ts'
import { cleanLine } from '../../model/text/text.ts'
import type { Attempt, CheckTypes, Measurement } from '../../ports/check.ts'
import type { Clock } from '../../ports/clock.ts'

/** What asking a check takes. */
export interface CheckPorts {
  readonly clock: Clock
  readonly checkTypes: CheckTypes
}

/** Milliseconds beyond its time-out in which a check type may end its own program and say what happened. */
const grace = 3000
/** Milliseconds that an attempt gets at least, though the deadline be nearer. */
const leastTime = 1000

/**
 * One attempt. The time left until `until` (ms since the epoch) bounds it too. A check type that keeps neither its
 * time-out nor the promise to end is left behind: whatever hangs, an answer comes.
 */
export async function attemptOnce(
  check: Check,
  attempt: Attempt,
  { clock, checkTypes }: CheckPorts,
  { until, signal }: { readonly until: number; readonly signal: AbortSignal },
): Promise<Measurement> {
  const type = checkTypes[check.type]
  if (type === undefined) throw new Error(`bug: no check type ${check.type}`)
  const timeoutMs = Math.min(check.timeoutMs, Math.max(until - clock.now(), leastTime))
  const bounded = timeoutMs === check.timeoutMs ? check : { ...check, timeoutMs }
  const left = new AbortController()
  const measuring = type.measure(bounded, attempt, AbortSignal.any([signal, left.signal]))
  const awake = new AbortController()
  const waiting = clock.sleep(timeoutMs + grace, AbortSignal.any([signal, awake.signal])).then(async () => {
    // An interrupted check type may still say how far it came.
    if (signal.aborted) await clock.sleep(grace, awake.signal)
    return null
  })
  try {
    const answer = await Promise.race([measuring, waiting])
    // What a program or a host says is shown and kept: one line, and no more than people read.
    if (answer !== null) return { ...answer, message: shortLine(cleanLine(answer.message)) }
    // It is not waited for any more, whatever it says later.
    measuring.catch(() => {})
    left.abort()
    return { result: 'error', message: `it did not answer within ${formatDuration(timeoutMs)}, and could not be ended` }
  } finally {
    awake.abort()
  }
}
