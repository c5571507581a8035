import type { Observation } from '../../model/host/system.ts'
import { isRolledBack, outcomeOf } from './outcome.ts'
import { observe } from '../observe/observe.ts'
import { endRolledBack } from './roll-back.ts'
import type { Journey } from './journey.ts'
import { fail, succeeded, unknown } from './end.ts'

/**
 * Ends a host whose checks have passed, after one more look: it may have rolled back by itself while they ran. One that has
 * confirmed its new system itself, and was locked throughout, is believed.
 */
export async function confirmHealthy(journey: Journey, verified: Observation, isConfirmed: boolean): Promise<void> {
  const { task, planned, before, lock, ports, signal } = journey
  if (isConfirmed && !lock.isLost) return succeeded(journey, verified)
  const found = await observe({ name: task.name, settings: planned.settings, withRoot: false }, ports.remote, signal)
  if (!found.ok) return unknown(task, before, found.failure)
  const now = found.value
  if (outcomeOf(journey, { how: 'done' }, now) === 'arrived') return succeeded(journey, now)
  const reason = 'it was healthy, then rolled back by itself'
  if (isRolledBack(before, now))
    return endRolledBack(journey, now, { step: 'check', code: 'check/rolled-back', reason })
  fail(task, {
    step: 'check',
    code: 'activate/overtaken',
    reason: `the host was changed outside this run, after it was healthy: it runs ${now.system}, its system profile is ${now.profile ?? 'missing'}; left as it is`,
    touched: true,
    now,
  })
}
