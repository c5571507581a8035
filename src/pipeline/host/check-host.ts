import type { CheckFinished } from '../../model/run/event-schema.ts'
import type { Check } from '../../model/plan/plan-schema.ts'
import type { CheckSubject } from '../../ports/check.ts'
import type { CheckPorts } from '../health/attempt.ts'
import type { HostTask, HostWork } from './task.ts'
import { observedPass } from '../health/observed-pass.ts'
import { type Health, verify, type VerifyRequest } from '../health/verify.ts'
import { type Watch, watchHealth } from '../health/watch.ts'

/** What is known of a host's health from before its change. */
export interface Before {
  /** Checks that failed: they do not condemn the change. */
  readonly failing: ReadonlySet<string>
  /** Why the host must not be touched: a check that has to pass before did not; null: nothing. */
  readonly refusal: { readonly code: 'check/precondition' | 'check/no-result'; readonly reason: string } | null
}

/** What had failed before the change and so condemns nothing: units, and checks by name. */
export interface FailedBefore {
  readonly units: readonly string[]
  readonly checks: ReadonlySet<string>
}

/** The work of checking one host. */
interface Checking extends Pick<HostWork, 'task' | 'signal'> {
  readonly ports: CheckPorts
}

/** Runs a host's checks and reports each change of their state. */
export async function checkHost(
  { task, ports, signal }: Checking,
  phase: CheckFinished['phase'],
  before: FailedBefore,
): Promise<Health> {
  return verify(requestFor(task, phase, before), ports, signal)
}

/**
 * Asks the checks of `when: before`, so that what fails already does not condemn the change. Each is asked once, but for
 * a `precondition`, which has until its deadline to pass: without it the host must not be touched. What the host has just
 * told, with the units in `failedUnits`, is not asked again.
 */
export async function checkBefore({ task, ports, signal }: Checking, failedUnits: readonly string[]): Promise<Before> {
  const request = requestFor(task, 'before', { units: failedUnits, checks: new Set() })
  const failing = new Set<string>()
  // Nothing was started just now: there is no start to wait for, and no steadiness to wait out.
  const once = { initialDelayMs: 0, stableForMs: 0, successThreshold: 1 }
  const checks = Object.fromEntries(
    Object.entries(request.checks).flatMap(([name, one]): [string, Check][] => {
      const message = observedPass(one, failedUnits)
      if (message === null) return [[name, { ...one, ...once, severity: one.precondition ? 'fail' : 'warn' }]]
      const { severity } = one
      request.onReport({ result: 'pass', message, check: name, severity, attempts: 1, durationMs: 0 })
      return []
    }),
  )
  const health = await verify(
    {
      ...request,
      checks,
      onReport: (report) => {
        if (report.result === 'fail') failing.add(report.check)
        else failing.delete(report.check)
        request.onReport({ ...report, severity: task.checks[report.check]?.severity ?? report.severity })
      },
    },
    ports,
    signal,
  )
  if (health.health === 'healthy') return { failing, refusal: null }
  return {
    failing,
    refusal: {
      code: health.health === 'unhealthy' ? 'check/precondition' : 'check/no-result',
      reason: ['precondition', healthReason(health)].join(' '),
    },
  }
}

/** What made a host unhealthy, or its health unknown, as it is said wherever a host ends for it. */
export function healthReason({ health, check, message }: Exclude<Health, { readonly health: 'healthy' }>): string {
  return `check ${check} ${health === 'unhealthy' ? 'failed' : 'gave no result'}: ${message}`
}

/** Keeps running a healthy host's checks while its wave bakes. */
export async function watchHost(
  { task, ports }: Pick<Checking, 'task' | 'ports'>,
  before: FailedBefore,
  watch: Watch,
): Promise<Health> {
  return watchHealth(requestFor(task, 'bake', before), ports, watch)
}

function requestFor(task: HostTask, phase: CheckFinished['phase'], before: FailedBefore): VerifyRequest {
  const { name, planned, emit } = task
  const wave = task.wave.name
  return {
    subject: {
      name,
      settings: planned.settings,
      failedBefore: before.units,
      wave,
      run: task.run,
      phase,
      plan: pathsOf(planned),
    },
    checks: Object.fromEntries(
      Object.entries(task.checks).filter(([, one]) =>
        phase === 'before' ? one.when.includes('before') || one.precondition : one.when.includes('after'),
      ),
    ),
    failing: before.checks,
    onReport: ({ check: checkName, result, severity, attempts, durationMs, message }) =>
      emit({
        type: 'check.finished',
        host: name,
        wave,
        check: checkName,
        phase,
        result,
        severity,
        attempts,
        durationMs,
        said: message,
      }),
  }
}

function pathsOf(planned: HostTask['planned']): CheckSubject['plan'] {
  const from = 'from' in planned ? (planned.from?.system ?? null) : null
  return { from, to: 'to' in planned ? planned.to.system : null }
}
