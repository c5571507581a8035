import type { Check } from '../model/plan-schema.ts'
import type { CheckSubject, CheckType, Measurement } from '../ports/check.ts'
import type { Clock } from '../ports/clock.ts'

/** What the checks of a host say together. `inconclusive`: something could not be measured until its deadline. */
export type Health =
  | { readonly health: 'healthy' }
  | { readonly health: 'unhealthy' | 'inconclusive'; readonly check: string; readonly message: string }

/** One change of a check's state. */
export interface CheckReport extends Measurement {
  readonly check: string
  readonly severity: Check['severity']
  readonly attempts: number
  readonly durationMs: number
}

export interface VerifyRequest {
  readonly subject: CheckSubject
  readonly checks: Readonly<Record<string, Check>>
  readonly onReport: (report: CheckReport) => void
}

export interface VerifyPorts {
  readonly clock: Clock
  readonly checkTypes: Readonly<Partial<Record<Check['type'], CheckType>>>
}

/** Runs all of a host's checks at once, each until it has settled or its deadline has come. */
export async function verify(request: VerifyRequest, ports: VerifyPorts, signal: AbortSignal): Promise<Health> {
  const settled = await Promise.all(
    Object.entries(request.checks).map(async ([name, check]) => ({
      name,
      check,
      ...(await settle(name, check, request, ports, signal)),
    })),
  )
  const blocking = settled.filter(({ check }) => check.severity === 'fail')
  const bad = blocking.find(({ result }) => result === 'fail') ?? blocking.find(({ result }) => result === 'error')
  if (bad === undefined) return { health: 'healthy' }
  return { health: bad.result === 'fail' ? 'unhealthy' : 'inconclusive', check: bad.name, message: bad.message }
}

/** Repeats one check until it passes as often and as long as it must, or its deadline has come. */
async function settle(
  name: string,
  check: Check,
  { subject, onReport }: VerifyRequest,
  { clock, checkTypes }: VerifyPorts,
  signal: AbortSignal,
): Promise<Measurement> {
  const type = checkTypes[check.type]
  if (type === undefined) throw new Error(`bug: no check type ${check.type}`)
  const began = clock.now()
  await clock.sleep(check.initialDelayMs, signal)
  let shown: Measurement['result'] | null = null
  let passes = 0
  let steadySince = 0
  for (let attempts = 1; ; attempts += 1) {
    const measured = await type.measure(check, subject, signal)
    const now = clock.now()
    if (measured.result !== shown)
      onReport({ ...measured, check: name, severity: check.severity, attempts, durationMs: now - began })
    shown = measured.result
    if (measured.result === 'pass') {
      if (passes === 0) steadySince = now
      passes += 1
      if (passes >= check.successThreshold && now - steadySince >= check.stableForMs) return measured
    } else passes = 0
    if (now - began >= check.deadlineMs || signal.aborted) return late(measured, check)
    await clock.sleep(check.intervalMs, signal)
  }
}

function late(measured: Measurement, check: Check): Measurement {
  if (measured.result !== 'pass') return measured
  return { result: 'fail', message: `passed, but not for long enough within ${check.deadlineMs / 1000} s` }
}
