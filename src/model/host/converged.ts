import type { Observation } from './system.ts'
import type { ChangedHost, HostSettings, Observed, Target } from '../plan/plan-schema.ts'

/** True where a host is at its target: what that takes depends on its mode. Such a host is never touched. */
export function isConverged(
  mode: HostSettings['mode'],
  observed: Pick<Observed, 'system' | 'profile' | 'nextBoot'> & Pick<Observation, 'specialisation'>,
  to: Pick<Target, 'system' | 'profile'>,
): boolean {
  // One that runs a specialisation of its target is left in it.
  const runs = [observed.system, observed.specialisation?.of].includes(to.system)
  const boots = observed.profile === to.profile || observed.nextBoot === to.system
  switch (mode) {
    case 'switch':
      return runs && boots
    case 'boot':
      return boots
    case 'test':
      return runs
  }
}

/**
 * True where a host has what its plan wants: its planned system, or where it is only rebooted, a boot of that system which
 * began since the plan was made.
 */
export function isAtTarget(
  { settings, to, rebootFrom = null }: Pick<ChangedHost, 'settings' | 'to' | 'rebootFrom'>,
  observed: Observation,
): boolean {
  if (rebootFrom === null) return isConverged(settings.mode, observed, to)
  const { bootId, booted } = observed
  return bootId !== null && bootId !== rebootFrom && booted === to.system
}

/** True where a plan reboots a host and activates nothing on it. */
export function isRebootOnly({ rebootFrom = null }: Pick<ChangedHost, 'rebootFrom'>): boolean {
  return rebootFrom !== null
}
