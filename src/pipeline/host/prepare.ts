import { type AnyCode, followsFrom } from '../../model/codes/codes.ts'
import { tellFailure } from '../../model/run/failure.ts'
import type { ChangedHost, UnchangedHost } from '../../model/plan/plan-schema.ts'
import type { Found, Observation } from '../../model/host/system.ts'
import { isConverged } from '../../model/host/converged.ts'
import { check, checkBefore } from './check-host.ts'
import { fetchSystem } from './fetch-system.ts'
import { Hold, isRetriable, connections } from './lock.ts'
import { begin, cancelled, fail, finish, type HostPorts, type HostTask } from './task.ts'
import { observe } from '../observe/observe.ts'
import { observeIdle } from './observe-host.ts'
import { refusalOf, skewOf, staleness } from './preflight.ts'

/** A host that is ready for its activation: locked, asked, checked, built for and copied to. */
export interface Prepared {
  /** What it runs, under its lock. */
  readonly before: Observation
  /** When it said so, ms since the epoch. */
  readonly askedAt: number
  /** Checks that failed already: they do not condemn the change. */
  readonly failing: ReadonlySet<string>
  /** Its lock, which `rollOut` gives back; where that is never called, give it back yourself. */
  readonly hold: Hold
}

/**
 * Everything that must hold before a host may be changed: locked, asked again, judged against the plan, checked, built and
 * copied. Nothing that runs on the host changes here. Returns what `rollOut` needs, or null when the host has its ending;
 * the caller finishes the step `copy`, which lets the host start.
 */
export async function prepare(task: HostTask, ports: HostPorts, signal: AbortSignal): Promise<Prepared | null> {
  const { planned } = task
  if (planned.action === 'unreachable') {
    begin(task, 'preflight')
    return unreachable(task, 'plan/unreachable', 'did not answer when the plan was made; plan again to include it')
  }
  if (planned.action === 'none') return leave(task, planned, ports, signal)
  if (planned.action !== 'change') throw new Error(`bug: ${task.name} is ${planned.action} and was selected`)
  begin(task, 'lock')
  const hold = await Hold.take(task, ports, signal)
  if (signal.aborted && !hold.ok) return cancelled(task)
  if (!hold.ok) return unlockable(task, hold.failure)
  finish(task, 'lock')
  const prepared = await underLock(task, planned, hold.value, ports, signal)
  if (prepared === null) await hold.value.release('drop')
  return prepared
}

/** A host that the plan does not change: nobody needs its lock to look at it. */
async function leave(task: HostTask, planned: UnchangedHost, ports: HostPorts, signal: AbortSignal): Promise<null> {
  begin(task, 'preflight')
  const found = await observePatiently(task, ports, signal)
  if (signal.aborted) return cancelled(task)
  if (!found.ok) return unreachable(task, found.failure.code, tellFailure(found.failure))
  const refusal = refusalOf(found.value, planned)
  if (refusal !== null) return failed(task, refusal.code, refusal.reason, found.value)
  return isConverged(planned.settings.mode, found.value, planned.to)
    ? converged(task, found.value, ports, signal)
    : stale(task, found.value, planned)
}

async function underLock(
  task: HostTask,
  planned: ChangedHost,
  hold: Hold,
  ports: HostPorts,
  signal: AbortSignal,
): Promise<Prepared | null> {
  begin(task, 'preflight')
  const found = await observeIdle(task, () => observePatiently(task, ports, signal), ports, signal)
  if (signal.aborted) return cancelled(task)
  if (!found.ok)
    return found.failure.code === 'preflight/activating'
      ? failed(task, found.failure.code, tellFailure(found.failure), null)
      : unreachable(task, found.failure.code, tellFailure(found.failure))
  const before = found.value
  const askedAt = ports.clock.now()
  warnOfSkew(task, before, askedAt)
  const refusal = refusalOf(before, planned)
  if (refusal !== null) return failed(task, refusal.code, refusal.reason, before)
  if (isConverged(planned.settings.mode, before, planned.to)) {
    await hold.release('drop')
    return converged(task, before, ports, signal)
  }
  const moved = staleness(before, planned.from)
  if (moved !== null && !task.forceStale) return stale(task, before, planned)
  if (moved !== null) force(task, moved)
  const gone = await rootBothSides(task, planned, before, hold, ports, signal)
  if (signal.aborted) return cancelled(task)
  if (gone !== null) return failed(task, gone.code, gone.reason, before)
  const health = await checkBefore(task, before.failedUnits, ports, signal)
  if (signal.aborted) return cancelled(task)
  if (health.refusal !== null) return failed(task, health.refusal.code, health.refusal.reason, before, 'check')
  finish(task, 'preflight', moved === null ? 'as-expected' : 'forced')
  const isThere = await fetchSystem(task, planned, before, hold, ports, signal)
  return isThere ? { before, askedAt, failing: health.failing, hold } : null
}

/** Asks a host what it runs; only a connection that fails is tried again. */
export async function observePatiently(
  { name, planned: { settings } }: HostTask,
  { remote, clock }: HostPorts,
  signal: AbortSignal,
): Promise<Found<Observation>> {
  for (let attempt = 1; ; attempt += 1) {
    const found = await observe({ name, settings, withRoot: true }, remote, signal)
    if (found.ok || !isRetriable(found.failure) || attempt === connections || signal.aborted) return found
    await clock.sleep(attempt * 1000, signal)
  }
}

/** Keeps what runs and what is to run from both garbage collectors; says why the host must not be touched, or null. */
async function rootBothSides(
  task: HostTask,
  { to }: ChangedHost,
  before: Observation,
  hold: Hold,
  { roots }: HostPorts,
  signal: AbortSignal,
): Promise<{ readonly code: AnyCode; readonly reason: string } | null> {
  const from = [...new Set([before.system, before.profile ?? before.system])]
  await roots.add(before.profile ?? before.system, wayBackOf(task), signal)
  const missing = await hold.protect([...from, to.profile], signal)
  if (!missing.ok) return { code: missing.failure.code, reason: tellFailure(missing.failure) }
  const lost = from.filter((path) => missing.value.has(path))
  if (lost.length === 0) return null
  return {
    code: 'preflight/missing-path',
    reason: `it could not be rolled back later: its store no longer has ${lost.join(' and ')}`,
  }
}

/** Where the operator's garbage-collector root for what the host runs before its change is. */
export function wayBackOf({ root }: HostTask): string {
  return `${root}.from`
}

function warnOfSkew(task: HostTask, now: Observation, askedAt: number): void {
  const skew = skewOf(now, askedAt)
  if (skew === null) return
  const detail = `The clock of ${task.name} is ${Math.abs(skew)} s ${skew > 0 ? 'ahead of' : 'behind'} this machine's. Ages of its profile and of locks are measured by its own clock, and certificates may be refused. Set its clock.`
  task.emit({
    type: 'diagnostic',
    code: 'preflight/clock-skew',
    severity: 'warning',
    summary: 'clock differs from this machine',
    detail,
    host: task.name,
  })
}

function force(task: HostTask, moved: string): void {
  const detail = `${task.name} ${moved}. It is changed anyway (--force-stale). A rollback goes to the system that it runs now.`
  task.emit({
    type: 'diagnostic',
    code: 'apply/forced-stale',
    severity: 'warning',
    summary: 'changed although it is stale',
    detail,
    host: task.name,
  })
}

/** A host that is there already: never touched, but its checks run. */
async function converged(task: HostTask, now: Observation, ports: HostPorts, signal: AbortSignal): Promise<null> {
  finish(task, 'preflight', 'as-planned')
  const health = await check(task, now.failedUnits, 'after', ports, signal)
  if (signal.aborted) return cancelled(task)
  if (health.health !== 'healthy')
    return failed(
      task,
      health.health === 'unhealthy' ? 'check/unhealthy' : 'check/inconclusive',
      `check ${health.check}: ${health.message}; it runs its planned system`,
      now,
      'check',
    )
  task.emit({
    type: 'host.skipped',
    host: task.name,
    wave: task.wave.name,
    cause: 'converged',
    reason: 'runs its planned system',
    profileAgeSeconds: now.profileAgeSeconds,
  })
  return null
}

function stale(task: HostTask, now: Observation, { from }: ChangedHost | UnchangedHost): null {
  const reason = staleness(now, from) ?? 'runs another system than the plan expects'
  task.emit({
    type: 'host.stale',
    host: task.name,
    wave: task.wave.name,
    expected: from.system,
    observed: now.system,
    expectedProfile: from.profile,
    observedProfile: now.profile,
    reason,
  })
  return null
}

/** A host that cannot be locked: somebody else works on it, it cannot be reached, or it lets nobody act as root. */
function unlockable(
  task: HostTask,
  failure: { readonly code: AnyCode; readonly summary: string; readonly detail: string },
): null {
  if (isUnreached(failure.code)) return unreachable(task, failure.code, tellFailure(failure))
  if (failure.code === 'lock/sudo')
    return failed(
      task,
      'preflight/sudo',
      'sudo needs a password for this login; deploy as a login that may act as root without one',
      null,
    )
  return failed(task, failure.code, tellFailure(failure), null, 'lock')
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
    return failed(task, code, reason, null)
  task.emit({
    type: 'host.skipped',
    host: task.name,
    wave: task.wave.name,
    cause: 'unreachable',
    reason,
  })
  return null
}

function failed(
  task: HostTask,
  code: AnyCode,
  reason: string,
  now: Observation | null,
  step: 'lock' | 'preflight' | 'check' = 'preflight',
): null {
  fail(task, step, code, reason, false, now)
  return null
}
