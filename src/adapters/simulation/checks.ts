import type { Check } from '../../model/plan/plan-schema.ts'
import type { Attempt, CheckType, Measurement } from '../../ports/check.ts'
import type { Session } from './session.ts'

/** Stands for every type of check: what it measures is how the simulated host is. */
export function simulatedCheck({ fleet, clock }: Session): CheckType {
  return {
    async measure(check: Check, { name, settings }: Attempt, signal: AbortSignal): Promise<Measurement> {
      // A check of a wave is about no host.
      if (settings === null) return { result: 'pass', message: 'healthy (simulated)' }
      const host = fleet.host(name)
      await clock.sleep(Math.min(check.timeoutMs, host.takes(50, 500)), signal)
      const now = clock.now()
      if (host.fault === 'cannot-be-measured') return { result: 'error', message: 'it gave no result (simulated)' }
      if (!host.answersAt(now)) return { result: 'fail', message: 'the host is unreachable (simulated)' }
      return host.isHealthyAt(now)
        ? { result: 'pass', message: 'healthy (simulated)' }
        : { result: 'fail', message: 'not healthy (simulated)' }
    },
  }
}
