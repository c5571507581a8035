import type { AnyCode } from '../../model/codes/codes.ts'
import { tellFailure } from '../../model/failure.ts'
import type { HostStep } from '../../model/run/event-schema.ts'
import type { Failure, HostPlan } from '../../model/plan/plan-schema.ts'
import type { Observation } from '../../model/host/system.ts'
import type { Journey } from './journey.ts'
import type { HostTask } from './task.ts'

/** Why a host did not reach the plan. */
export interface HostFailure {
  readonly step: HostStep['step']
  readonly code: AnyCode
  readonly reason: string
  /** It may have been changed. */
  readonly touched: boolean
  /** What it runs as last observed; null: it was not. */
  readonly now: Pick<Observation, 'system' | 'profile'> | null
}

/** Ends a host that did not reach the plan. */
export function fail({ name, wave, emit }: HostTask, { step, code, reason, touched, now }: HostFailure): void {
  emit({
    type: 'host.failed',
    host: name,
    wave: wave.name,
    step,
    code,
    reason,
    touched,
    system: now?.system ?? null,
    profile: now?.profile ?? null,
  })
}

/** Ends a host that the run stopped before anything was changed on it. */
export function cancelled({ name, wave, emit }: HostTask): null {
  const reason = 'the run ended while it was being prepared; nothing was changed on the host'
  emit({ type: 'host.cancelled', host: name, wave: wave.name, reason })
  return null
}

/** Ends a host whose start is not on disk: one that is changed without a record would be a riddle to the next run. */
export function unrecorded({ name, wave, emit }: HostTask): void {
  const reason = 'its start could not be recorded; nothing was changed on the host'
  emit({ type: 'host.cancelled', host: name, wave: wave.name, reason })
}

/** Ends a host that runs its planned system without our doing: this run has nothing to roll back there. */
export function converged({ name, wave, emit }: HostTask, now: Observation, reason: string): void {
  const { profileAgeSeconds } = now
  emit({ type: 'host.skipped', host: name, wave: wave.name, cause: 'converged', reason, profileAgeSeconds })
}

/** Ends a host that neither runs what it was found to run when the plan was made, or when it was prepared, nor its planned system. */
export function stale(
  { name, wave, emit }: HostTask,
  expected: Pick<Observation, 'system' | 'profile'>,
  observed: Observation,
  reason: string,
): void {
  emit({
    type: 'host.stale',
    host: name,
    wave: wave.name,
    expected: expected.system,
    observed: observed.system,
    expectedProfile: expected.profile,
    observedProfile: observed.profile,
    reason,
  })
}

/** Units that had failed before a change and still do: they condemn nothing, and are told. */
export function stillFailed(
  before: Pick<Observation, 'failedUnits'>,
  now: Pick<Observation, 'failedUnits'>,
): { readonly stillFailed?: readonly string[] } {
  const units = now.failedUnits.filter((unit) => before.failedUnits.includes(unit))
  return units.length === 0 ? {} : { stillFailed: units }
}

/** Ends a host that is where the plan wants it, and healthy there. */
export function succeeded(
  { task, planned, before }: Pick<Journey, 'task' | 'planned' | 'before'>,
  now: Observation,
): void {
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
    ...stillFailed(before, now),
  })
}

/** Ends a host that could not be asked what it runs, or whose health could not be measured; `lastKnown` is what it ran last. */
export function unknown(task: HostTask, lastKnown: Observation, failure: Failure): void {
  const { note }: HostPlan['settings'] = task.planned.settings
  task.emit({
    type: 'host.unknown',
    host: task.name,
    wave: task.wave.name,
    step: 'verify',
    code: failure.code,
    reason: tellFailure(failure),
    lastKnown: lastKnown.system,
    note,
  })
}
