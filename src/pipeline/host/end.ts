import type { AnyCode } from '../../model/codes/codes.ts'
import { tellFailure } from '../../model/run/failure.ts'
import type { ChangedHost, Failure } from '../../model/plan/plan-schema.ts'
import type { Observation } from '../../model/host/system.ts'
import { fail, type HostTask } from './task.ts'

/** Its start is not on disk: a host that is changed without a record would be a riddle to whoever picks this up. */
export function unrecorded({ name, wave, emit }: HostTask): void {
  const reason = 'its start could not be recorded; nothing was changed on the host'
  emit({ type: 'host.cancelled', host: name, wave: wave.name, reason })
}

/** Nothing was done because another run had done it already: not ours to praise, and not ours to take back. */
export function overtaken(task: HostTask, now: Observation): void {
  const reason = `another run brought it to its planned system, ${now.system}`
  task.emit({
    type: 'host.skipped',
    host: task.name,
    wave: task.wave.name,
    cause: 'converged',
    reason,
    profileAgeSeconds: now.profileAgeSeconds,
  })
}

/** It was found elsewhere just before its activation. */
export function moved(task: HostTask, before: Observation, now: Observation, what: string): void {
  const reason = `changed since it was prepared: ${what}`
  task.emit({
    type: 'host.stale',
    host: task.name,
    wave: task.wave.name,
    expected: before.system,
    observed: now.system,
    expectedProfile: before.profile,
    observedProfile: now.profile,
    reason,
  })
}

/** This run changed nothing: the engine refused. */
export function untouched(
  task: HostTask,
  before: Observation,
  now: Observation,
  { code, reason }: { readonly code: AnyCode; readonly reason: string },
): void {
  const where = now.system === before.system ? 'it still runs its old system' : `it runs ${now.system}`
  fail(task, 'activate', code, `${reason}; ${where} (verified)`, false, now)
}

/** It is where the plan wants it, and healthy there. */
export function succeeded(task: HostTask, planned: ChangedHost, now: Observation): void {
  const { settings, to, diff } = planned
  const pending =
    settings.mode === 'boot' ? now.system !== to.system : diff.reboot.needed === true && settings.mode !== 'test'
  const isPending = pending && now.booted !== to.system
  task.emit({
    type: 'host.succeeded',
    host: task.name,
    wave: task.wave.name,
    system: now.system,
    profile: now.profile,
    generation: now.generation,
    rebootPending: isPending,
    nextBoot: settings.mode === 'boot' ? to.system : null,
    rebootBecause: isPending ? [...diff.reboot.because] : [],
  })
}

/** Nobody knows what it runs; or, where its checks were the trouble, whether it is healthy: `before` is then what it runs. */
export function unknown(task: HostTask, before: Observation, failure: Failure): void {
  const { note } = task.planned.settings
  task.emit({
    type: 'host.unknown',
    host: task.name,
    wave: task.wave.name,
    step: 'verify',
    code: failure.code,
    reason: tellFailure(failure),
    lastKnown: before.system,
    note,
  })
}
