import type { Found, Observation } from '../../model/host/system.ts'
import { fateOf, isBackAt } from './outcome.ts'
import { fail } from './task.ts'
import { observe } from '../observe/observe.ts'
import { concludeBack, wayBack } from './roll-back.ts'
import type { Journey } from './journey.ts'
import { succeeded, unknown } from './end.ts'

/**
 * Asked once more after its checks: a host may have gone back by itself while they passed. One that has told that it stays,
 * and was locked throughout, is believed.
 */
export async function stayed(
  { task, planned, prepared, ports, signal, isConfirmed = false }: Journey,
  verified: Observation,
): Promise<void> {
  if (isConfirmed && !prepared.hold.isLost) return succeeded(task, planned, verified)
  const { name, settings } = { name: task.name, settings: planned.settings }
  const found: Found<Observation> = await observe({ name, settings, withRoot: false }, ports.remote, signal)
  if (!found.ok) return unknown(task, prepared.before, found.failure)
  const now = found.value
  const { before } = prepared
  if (fateOf(planned, before, { how: 'done' }, now) === 'arrived') return succeeded(task, planned, now)
  const cause = {
    step: 'check',
    code: 'check/went-back',
    reason: 'it was healthy, then rolled back by itself',
  } as const
  if (isBackAt(before, now)) return concludeBack(task, wayBack(prepared), now, cause, ports, signal)
  const reason = `it was healthy, then changed from elsewhere: it runs ${now.system}, its system profile is ${now.profile ?? 'missing'}; left as it is`
  fail(task, 'check', 'activate/overtaken', reason, true, now)
}
