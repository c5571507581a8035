import type { Observation } from './system.ts'
import type { HostSettings, Observed, Target } from '../plan/plan-schema.ts'

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
