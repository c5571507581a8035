import type { Check } from '../../model/plan/plan-schema.ts'

/**
 * Why a check passes before the change on a host that has just told which units have failed; null: it has to be asked.
 * That a host answers, and what has failed on it, observing it has shown already, over a connection of its own.
 */
export function observedPass(check: Check, failedUnits: readonly string[]): string | null {
  if (check.type === 'ssh') return 'it reported what it runs'
  if (check.type !== 'systemd' || check.failedUnits === 'any' || check.active.length > 0) return null
  return failedUnits.length === 0 ? 'no unit has failed' : `${failedUnits.length} had failed before, none is new`
}
