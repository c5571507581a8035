import type { AnyCode } from '../../model/codes/codes.ts'
import type { ChangedHost, Observed, UnchangedHost } from '../../model/plan/plan-schema.ts'
import type { Observation } from '../../model/host/system.ts'

/** Seconds by which clocks may differ before it is said. */
const tolerableSkew = 60

/** Why a host must not be touched although it answered, or null. */
export function refusalOf(
  now: Observation,
  { settings, to, from }: ChangedHost | UnchangedHost,
): { readonly code: AnyCode; readonly reason: string } | null {
  if (settings.expectHostname !== null && now.hostname !== settings.expectHostname)
    return {
      code: 'preflight/hostname',
      reason: `hostname is "${now.hostname}", expected "${settings.expectHostname}": check its address`,
    }
  if (from.machine !== null && now.machine !== null && from.machine !== now.machine)
    return {
      code: 'preflight/other-machine',
      reason: 'the host is another machine than the plan saw: its machine id differs; check its address and plan again',
    }
  if (now.platform !== null && now.platform !== to.platform)
    return {
      code: 'preflight/platform',
      reason: `the host is ${now.platform}, but its configuration is for ${to.platform}: fix the configuration and plan again`,
    }
  if (now.mayActAsRoot === false)
    return {
      code: 'preflight/sudo',
      reason: 'sudo needs a password for this login; deploy as a login that may act as root without one',
    }
  return null
}

/** How a host has moved since it was asked for the plan, in words; null: it has not. */
export function staleness(now: Pick<Observation, 'system' | 'profile'>, from: Observed): string | null {
  if (now.system !== from.system)
    return `changed since the plan: it runs ${now.system}, the plan expects ${from.system}`
  if (now.profile === from.profile) return null
  return `changed since the plan: its system profile is ${now.profile ?? 'missing'}, the plan expects ${from.profile ?? 'none'}`
}

/** Seconds by which a host's clock is ahead of ours (negative: behind) where that is worth saying; else null. */
export function skewOf({ clockSeconds }: Observation, now: number): number | null {
  if (clockSeconds === undefined || clockSeconds === null) return null
  const skew = Math.round(clockSeconds - now / 1000)
  return Math.abs(skew) > tolerableSkew ? skew : null
}
