import { type AnyCode, followsFrom } from '../../model/codes/codes.ts'
import { tellFailure } from '../../model/failure.ts'
import type { ChangedHost, Failure, UnchangedHost } from '../../model/plan/plan-schema.ts'
import type { Observation } from '../../model/host/system.ts'
import { isAtTarget, isConverged } from '../../model/host/converged.ts'
import { checkBefore, checkHost, healthReason } from './check-host.ts'
import { cancelled, converged, fail, type HostFailure, stale } from './end.ts'
import { fetchSystem } from './fetch-system.ts'
import type { Journey } from './journey.ts'
import { HostLock } from './lock.ts'
import { observeIdle, observePatiently } from './observe-host.ts'
import { refusalOf, skewOf, staleness } from './preflight.ts'
import { oldSystemRoot, protectBothSides } from './protect.ts'
import { begin, finish, type HostTask, type HostWork } from './task.ts'

/**
 * Everything that must hold before a host may be changed: locked, observed, judged against the plan, checked, built and
 * copied. Nothing that runs on the host changes here. Returns its journey, whose lock `activate` gives back, or null when
 * the host has its ending; the caller finishes the step `copy`, which lets the host start.
 */
export async function prepare(work: HostWork): Promise<Journey | null> {
  const { task, signal } = work
  const { planned } = task
  if (planned.action === 'unreachable') {
    begin(task, 'preflight')
    return unreachable(task, 'plan/unreachable', 'unreachable when the plan was made; plan again to include it')
  }
  if (planned.action === 'none') return lookAt(work, planned)
  if (planned.action !== 'change') throw new Error(`bug: ${task.name} is ${planned.action} and was selected`)
  begin(task, 'lock')
  const lock = await HostLock.take(work)
  if (signal.aborted && !lock.ok) return cancelled(task)
  if (!lock.ok) return notLocked(task, lock.failure)
  finish(task, 'lock')
  const journey = await setOut(work, planned, lock.value)
  if (journey === null) await lock.value.release('drop')
  return journey
}

/** Ends a host that has all it needs and is not to be activated in this run: its new system stays protected until the next. */
export async function endPrepared({ task, before, lock, ports }: Journey): Promise<void> {
  task.emit({
    type: 'host.skipped',
    host: task.name,
    wave: task.wave.name,
    cause: 'prepared',
    reason: 'has all that its planned system needs, and was not activated (--until copy)',
    profileAgeSeconds: before.profileAgeSeconds,
  })
  await lock.release('keep')
  await ports.roots.remove(oldSystemRoot(task))
}

/** A host that the plan does not change: looking at it takes no lock. */
async function lookAt(work: HostWork, planned: UnchangedHost): Promise<null> {
  const { task, signal } = work
  begin(task, 'preflight')
  const found = await observePatiently(work)
  if (signal.aborted) return cancelled(task)
  if (!found.ok) return unreachable(task, found.failure.code, tellFailure(found.failure))
  const now = found.value
  const refusal = refusalOf(now, planned)
  if (refusal !== null) return notPrepared(task, { ...refusal, now })
  return isConverged(planned.settings.mode, now, planned.to) ? checkConverged(work, now) : endStale(task, now, planned)
}

/** What a locked host must pass, step by step. */
async function setOut(work: HostWork, planned: ChangedHost, lock: HostLock): Promise<Journey | null> {
  const { task, ports, signal } = work
  begin(task, 'preflight')
  const found = await observeIdle(work)
  if (signal.aborted) return cancelled(task)
  if (!found.ok) return notObserved(task, found.failure)
  const before = found.value
  const observedAt = ports.clock.now()
  warnOfSkew(task, before, observedAt)
  const refusal = refusalOf(before, planned)
  if (refusal !== null) return notPrepared(task, { ...refusal, now: before })
  const isThere = isAtTarget(planned, before)
  if (isThere && !task.reactivate) {
    await lock.release('drop')
    return checkConverged(work, before)
  }
  const moved = isThere ? null : staleness(before, planned.from)
  if (moved !== null && !task.forceStale) return endStale(task, before, planned)
  if (moved !== null) warnOfForce(task, moved)
  const journey: Journey = { ...work, planned, lock, before, observedAt, failing: new Set() }
  const gone = await protectBothSides(journey)
  if (signal.aborted) return cancelled(task)
  if (gone !== null) return notPrepared(task, { ...gone, now: before })
  const health = await checkBefore(work, before.failedUnits)
  if (signal.aborted) return cancelled(task)
  if (health.refusal !== null) return notPrepared(task, { step: 'check', ...health.refusal, now: before })
  finish(task, 'preflight', moved === null ? 'as-expected' : 'forced')
  return (await fetchSystem(journey)) ? { ...journey, failing: health.failing } : null
}

function warnOfSkew(task: HostTask, now: Observation, observedAt: number): void {
  const skew = skewOf(now, observedAt)
  if (skew === null) return
  const detail = `The clock of ${task.name} is ${Math.abs(skew)} s ${skew > 0 ? 'ahead of' : 'behind'} this machine's. Ages of its profile and of locks count by its own clock, and certificates may be refused. Set its clock.`
  task.emit({
    type: 'diagnostic',
    code: 'preflight/clock-skew',
    severity: 'warning',
    summary: 'the clock of the host is wrong',
    detail,
    host: task.name,
  })
}

function warnOfForce(task: HostTask, moved: string): void {
  const detail = `${task.name} ${moved}. It is changed anyway (--force-stale). A rollback goes to the system that it runs now.`
  task.emit({
    type: 'diagnostic',
    code: 'apply/forced-stale',
    severity: 'warning',
    summary: 'a host that changed since the plan is changed',
    detail,
    host: task.name,
  })
}

/** A host that runs its planned system: never touched, but its checks run. */
async function checkConverged(work: HostWork, now: Observation): Promise<null> {
  const { task, signal } = work
  finish(task, 'preflight', 'as-planned')
  const health = await checkHost(work, 'after', { units: now.failedUnits, checks: new Set() })
  if (signal.aborted) return cancelled(task)
  if (health.health !== 'healthy')
    return notPrepared(task, {
      step: 'check',
      code: health.health === 'unhealthy' ? 'check/unhealthy' : 'check/no-result',
      reason: [healthReason(health), 'it runs its planned system'].join('; '),
      now,
    })
  converged(task, now, 'runs its planned system')
  return null
}

function endStale(task: HostTask, now: Observation, { from }: ChangedHost | UnchangedHost): null {
  stale(task, from, now, staleness(now, from) ?? 'runs another system than the plan expects')
  return null
}

/** A host that cannot be locked: another run works on it, it cannot be reached, or the login may not act as root. */
function notLocked(task: HostTask, failure: Failure): null {
  if (isUnreached(failure.code)) return unreachable(task, failure.code, tellFailure(failure))
  if (failure.code === 'lock/sudo')
    return notPrepared(task, {
      code: 'preflight/sudo',
      reason: 'sudo needs a password for this login; deploy as a login that may act as root without one',
      now: null,
    })
  return notPrepared(task, { step: 'lock', code: failure.code, reason: tellFailure(failure), now: null })
}

function notObserved(task: HostTask, failure: Failure): null {
  const { code } = failure
  const reason = tellFailure(failure)
  return code === 'preflight/activating'
    ? notPrepared(task, { code, reason, now: null })
    : unreachable(task, code, reason)
}

function isUnreached(code: AnyCode): boolean {
  switch (followsFrom(code).contact) {
    case 'failed':
    case 'shut-out':
      return true
    case 'not-tried':
    case 'unsaid':
      return false
  }
}

function unreachable(task: HostTask, code: AnyCode, reason: string): null {
  if (task.planned.settings.onUnreachable === 'fail' || followsFrom(code).contact === 'shut-out')
    return notPrepared(task, { code, reason, now: null })
  task.emit({
    type: 'host.skipped',
    host: task.name,
    wave: task.wave.name,
    cause: 'unreachable',
    reason,
  })
  return null
}

/** Ends a host that failed before anything was changed on it. */
function notPrepared(
  task: HostTask,
  failure: Pick<HostFailure, 'code' | 'reason' | 'now'> & Partial<Pick<HostFailure, 'step'>>,
): null {
  fail(task, { step: 'preflight', ...failure, touched: false })
  return null
}
