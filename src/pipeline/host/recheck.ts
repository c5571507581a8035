import type { AnyCode } from '../../model/codes/codes.ts'
import { tellFailure } from '../../model/run/failure.ts'
import type { Observation } from '../../model/host/system.ts'
import { isConverged } from '../../model/host/converged.ts'
import { fail } from './task.ts'
import { observeIdle } from './observe-host.ts'
import { observePatiently, wayBackOf } from './prepare.ts'
import type { Journey } from './journey.ts'
import { moved, overtaken } from './end.ts'

/** Milliseconds for which what a host said under its lock is believed: programs that know no locks may be at work. */
const freshness = 20_000

/**
 * What a host runs just before its activation; null: it has its ending. A host may wait long for its turn after it was
 * prepared, and its lock may have gone meanwhile: then it is locked and asked again.
 */
export async function lookAgain(journey: Journey): Promise<Observation | null> {
  const { task, planned, prepared, ports, signal } = journey
  const { before, askedAt, hold } = prepared
  if (!hold.isLost && ports.clock.now() - askedAt < freshness) return before
  const refuse = (code: AnyCode, reason: string, now: Observation | null) => {
    fail(task, 'preflight', code, `${reason}; it was about to be activated`, false, now)
    return null
  }
  const wasLost = hold.isLost
  const held = await hold.again(signal)
  if (!held.ok) return refuse(held.failure.code, tellFailure(held.failure), null)
  const found = await observeIdle(task, () => observePatiently(task, ports, signal), ports, signal)
  if (!found.ok) return refuse(found.failure.code, tellFailure(found.failure), null)
  const now = found.value
  if (now.system === before.system && now.profile === before.profile) {
    const missing = wasLost
      ? await hold.protect([...new Set([before.system, before.profile ?? before.system, planned.to.profile])], signal)
      : null
    if (missing === null) return now
    if (!missing.ok) return refuse(missing.failure.code, tellFailure(missing.failure), now)
    if (missing.value.size === 0) return now
    return refuse('preflight/missing-path', `its store does not have ${[...missing.value].join(', ')} any more`, now)
  }
  if (isConverged(planned.settings.mode, now, planned.to)) overtaken(task, now)
  else moved(task, before, now, `it runs ${now.system}, its profile is ${now.profile ?? 'missing'}`)
  await ports.roots.remove(wayBackOf(task))
  return null
}
