import type { AnyCode } from '../../model/codes/codes.ts'
import { tellFailure } from '../../model/run/failure.ts'
import type { ChangedHost, Failure } from '../../model/plan/plan-schema.ts'
import type { Observation } from '../../model/host/system.ts'
import { check } from './check-host.ts'
import { isBackAt } from './outcome.ts'
import { Hold } from './lock.ts'
import { begin, engineOf, engineTask, fail, type HostPorts, type HostTask } from './task.ts'
import { observeIdle, observeSettled } from './observe-host.ts'
import { observePatiently, type Prepared } from './prepare.ts'
import { isConverged } from '../../model/host/converged.ts'

/** Why a host is taken back. */
export interface Cause {
  readonly step: 'activate' | 'check'
  readonly code: AnyCode
  readonly reason: string
}

/** What a host goes back to, as it was observed before it was changed. */
export type WayBack = Pick<Observation, 'system' | 'profile' | 'failedUnits'> & {
  /** Checks that failed already then. */
  readonly failing?: ReadonlySet<string>
}

/** The way back of a prepared host. */
export function wayBack({ before, failing }: Prepared): WayBack {
  const { system, profile, failedUnits } = before
  return { system, profile, failedUnits, failing }
}

/** Milliseconds that a rollback waits at least for the host's lock: it is never given up for a short --lock-timeout. */
const patience = 60_000

/**
 * Takes a host back to the path it ran before, by path and never "one generation back", and asks it afterwards.
 * Once for each host and run; a rollback that did not work is a failure whose code begins `roll-back/`.
 */
export async function rollBack(
  task: HostTask,
  planned: ChangedHost,
  before: WayBack,
  cause: Cause,
  ports: HostPorts,
  signal: AbortSignal,
): Promise<void> {
  begin(task, 'roll-back', { path: before.system, reason: cause.reason })
  const began = ports.clock.now()
  const answer = await engineOf(task, ports).rollBack(engineTask(task, planned, before, 'roll-back'), signal)
  const said = answer.how === 'done' ? '' : ` (${tellFailure(answer.failure)})`
  const found = await observeSettled(task, answer, began, ports, signal)
  if (!found.ok) return unknown(task, cause, said, found.failure)
  const now = found.value
  if (!isBackAt(before, now))
    return fail(
      task,
      'roll-back',
      'roll-back/failed',
      `${cause.reason}; rollback failed${said}: the host runs ${now.system}, next boot ${now.nextBoot ?? 'unknown'}`,
      true,
      now,
    )
  await concludeBack(task, before, now, cause, ports, signal)
}

/** Ends a host that is back where it was, by us or by itself, with what its checks say of it there. */
export async function concludeBack(
  task: HostTask,
  before: WayBack,
  now: Observation,
  cause: Cause,
  ports: HostPorts,
  signal: AbortSignal,
): Promise<void> {
  const { name, wave, emit } = task
  const health = await check(task, before.failedUnits, 'rollback', ports, signal, before.failing)
  if (health.health === 'unhealthy' && !signal.aborted)
    return fail(
      task,
      'roll-back',
      'roll-back/unhealthy',
      `${cause.reason}; rolled back to ${now.system} (verified), but check ${health.check} fails there too: ${health.message}`,
      true,
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
  })
}

/**
 * The same for a host that has its ending already (`rollback: wave`, `run`): its lock is taken again, and somebody else's
 * deployment since is left alone.
 */
export async function rollBackLater(
  task: HostTask,
  planned: ChangedHost,
  before: WayBack,
  cause: Cause,
  ports: HostPorts,
  signal: AbortSignal,
): Promise<void> {
  const patient = { ...task, lockTimeoutMs: Math.max(task.lockTimeoutMs, patience) }
  const hold = await Hold.take(patient, ports, signal)
  const refuse = (code: AnyCode, why: string, now: Observation | null) =>
    fail(task, 'roll-back', code, `${cause.reason}; not rolled back: ${why}`, true, now)
  if (!hold.ok) return refuse('roll-back/locked', tellFailure(hold.failure), null)
  try {
    const found = await observeIdle(task, () => observePatiently(task, ports, signal), ports, signal)
    if (!found.ok) return unknown(task, cause, '', found.failure)
    const now = found.value
    if (isBackAt(before, now)) return await concludeBack(task, before, now, cause, ports, signal)
    if (!isConverged(planned.settings.mode, now, planned.to))
      return refuse(
        'roll-back/moved',
        `it was changed from elsewhere since, and runs ${now.system}; left as it is`,
        now,
      )
    await rollBack(task, planned, before, cause, ports, signal)
  } finally {
    await hold.value.release('drop')
  }
}

function unknown({ name, wave, emit }: HostTask, cause: Cause, said: string, failure: Failure): void {
  emit({
    type: 'host.unknown',
    host: name,
    wave: wave.name,
    step: 'roll-back',
    code: failure.code,
    reason: `${cause.reason}; no answer after the rollback${said}: ${failure.detail}`,
    lastKnown: null,
  })
}
