import type { AnyCode } from '../../model/codes/codes.ts'
import { tellFailure } from '../../model/failure.ts'
import type { Failure } from '../../model/plan/plan-schema.ts'
import type { Observation } from '../../model/host/system.ts'
import { checkHost } from './check-host.ts'
import { isRolledBack } from './outcome.ts'
import { HostLock } from './lock.ts'
import { begin } from './task.ts'
import { engineOf, engineTask } from './engine.ts'
import { fail, stillFailed } from './end.ts'
import type { Journey } from './journey.ts'
import { observeAtRest, observeIdle } from './observe-host.ts'
import { isConverged } from '../../model/host/converged.ts'

/** Why a host is rolled back. */
export interface Cause {
  readonly step: 'activate' | 'check'
  readonly code: AnyCode
  readonly reason: string
}

/** A journey whose lock is somebody else's matter. */
export type Changed = Omit<Journey, 'lock' | 'observedAt'>

/** Milliseconds that a rollback waits at least for the host's lock: it is never given up for a short --lock-timeout. */
const patience = 60_000

/**
 * Rolls a host back to the path it ran before, by path and never "one generation back", and observes it afterwards.
 * Once for each host and run; a rollback that did not work is a failure whose code begins `roll-back/`.
 */
export async function rollBack(journey: Changed, cause: Cause): Promise<void> {
  const { task, before, ports, signal } = journey
  begin(task, 'roll-back', { path: before.system, reason: cause.reason })
  // A host in the middle of its change is rolled back even where that can no longer be recorded.
  task.record()
  const began = ports.clock.now()
  const answer = await engineOf(journey).rollBack(engineTask(journey, 'roll-back'), signal)
  const said = answer.how === 'done' ? '' : ` (${tellFailure(answer.failure)})`
  const found = await observeAtRest(journey, answer, began)
  if (!found.ok) return endUnknown(journey, cause, said, found.failure)
  const now = found.value
  if (!isRolledBack(before, now))
    return failRollback(
      journey,
      'roll-back/failed',
      `${cause.reason}; rollback failed${said}: the host runs ${now.system}, next boot ${now.nextBoot ?? 'unknown'}`,
      now,
    )
  await endRolledBack(journey, now, cause)
}

/** Ends a host that is rolled back, by us or by itself, with what its checks say of it there. */
export async function endRolledBack(journey: Changed, now: Observation, cause: Cause): Promise<void> {
  const { task, before, failing, signal } = journey
  const { name, wave, emit } = task
  const health = await checkHost(journey, 'rollback', { units: before.failedUnits, checks: failing })
  if (health.health === 'unhealthy' && !signal.aborted)
    return failRollback(
      journey,
      'roll-back/unhealthy',
      `${cause.reason}; rolled back to ${now.system} (verified), but check ${health.check} fails there too: ${health.message}`,
      now,
    )
  const reason =
    health.health === 'healthy'
      ? cause.reason
      : `${cause.reason} (health after the rollback is unknown: a check gave no result)`
  emit({
    type: 'host.rolled-back',
    host: name,
    wave: wave.name,
    step: cause.step,
    code: cause.code,
    reason,
    system: now.system,
    profile: now.profile,
    ...stillFailed(before, now),
  })
}

/**
 * Rolls back a host that has its ending already, with its wave or run (`rollback: wave`, `run`): its lock is taken again, and
 * what was deployed outside this run since is left alone.
 */
export async function rollBackLater(journey: Changed, cause: Cause): Promise<void> {
  const { task, planned, before } = journey
  const patient = { ...task, lockTimeoutMs: Math.max(task.lockTimeoutMs, patience) }
  const lock = await HostLock.take({ ...journey, task: patient })
  const leave = (code: AnyCode, why: string, now: Observation | null) =>
    failRollback(journey, code, `${cause.reason}; not rolled back: ${why}`, now)
  if (!lock.ok)
    return leave('roll-back/locked', `the host lock could not be taken again: ${tellFailure(lock.failure)}`, null)
  try {
    const found = await observeIdle(journey)
    if (!found.ok) return endUnknown(journey, cause, '', found.failure)
    const now = found.value
    if (isRolledBack(before, now)) return await endRolledBack(journey, now, cause)
    if (!isConverged(planned.settings.mode, now, planned.to))
      return leave(
        'roll-back/changed',
        `the host was changed outside this run, and runs ${now.system}; left as it is`,
        now,
      )
    await rollBack(journey, cause)
  } finally {
    await lock.value.release('drop')
  }
}

function failRollback({ task }: Changed, code: AnyCode, reason: string, now: Observation | null): void {
  fail(task, { step: 'roll-back', code, reason, touched: true, now })
}

function endUnknown({ task }: Changed, cause: Cause, said: string, failure: Failure): void {
  task.emit({
    type: 'host.unknown',
    host: task.name,
    wave: task.wave.name,
    step: 'roll-back',
    code: failure.code,
    reason: `${cause.reason}; no answer after the rollback${said}: ${failure.detail}`,
    lastKnown: null,
  })
}
