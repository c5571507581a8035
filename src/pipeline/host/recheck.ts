import type { AnyCode } from '../../model/codes/codes.ts'
import { tellFailure } from '../../model/failure.ts'
import type { Observation } from '../../model/host/system.ts'
import { isAtTarget } from '../../model/host/converged.ts'
import { observeIdle } from './observe-host.ts'
import type { Journey } from './journey.ts'
import { converged, fail, stale } from './end.ts'
import { oldSystemRoot, oldSystemOf } from './protect.ts'

/** Milliseconds for which what a host said under its lock is believed: programs that know no locks may be at work. */
const freshness = 20_000

/**
 * What a host runs just before its activation; null: it has its ending. A host may wait long for its turn after it was
 * prepared, and its lock may have gone meanwhile: then it is locked and observed again.
 */
export async function recheck(journey: Journey): Promise<Observation | null> {
  const { task, planned, before, observedAt, lock, ports, signal } = journey
  if (!lock.isLost && ports.clock.now() - observedAt < freshness) return before
  const end = (code: AnyCode, why: string, now: Observation | null) => {
    const reason = `${why}; it was about to be activated`
    fail(task, { step: 'preflight', code, reason, touched: false, now })
    return null
  }
  const wasLost = lock.isLost
  const held = await lock.reacquire(signal)
  if (!held.ok) return end(held.failure.code, tellFailure(held.failure), null)
  const found = await observeIdle(journey)
  if (!found.ok) return end(found.failure.code, tellFailure(found.failure), null)
  const now = found.value
  if (now.system === before.system && now.profile === before.profile) {
    if (!wasLost) return now
    const missing = await lock.protect([...new Set([...oldSystemOf(before), planned.to.profile])], signal)
    if (!missing.ok) return end(missing.failure.code, tellFailure(missing.failure), now)
    if (missing.value.size === 0) return now
    return end(
      'preflight/missing-path',
      `could not be rolled back later: its store no longer has ${[...missing.value].join(' and ')}`,
      now,
    )
  }
  if (isAtTarget(planned, now)) converged(task, now, overtakenReason(now))
  else stale(task, before, now, movedReason(`it runs ${now.system}, its profile is ${now.profile ?? 'missing'}`))
  await ports.roots.remove(oldSystemRoot(task))
  return null
}

/** Why a host that another run has brought to its planned system is not this run's to change, nor to roll back. */
export function overtakenReason({ system }: Observation): string {
  return `another run brought it to its planned system, ${system}`
}

/** Why a host that was found elsewhere just before its activation is left alone. */
export function movedReason(what: string): string {
  return `changed since it was prepared: ${what}`
}
