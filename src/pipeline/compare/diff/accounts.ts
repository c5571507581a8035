import type { Known } from '../../../model/host/nixos-system.ts'
import type { NameChanges } from '../../../model/plan/plan-schema.ts'

/** Users or groups that come, go, or stay with other properties; null when one side is not known. */
export function compareNames(
  before: Known<ReadonlyMap<string, string>>,
  after: Known<ReadonlyMap<string, string>>,
): NameChanges | null {
  if (before.how === 'unknown' || after.how === 'unknown') return null
  const [now, then] = [before.value, after.value]
  return {
    added: [...then.keys()].filter((name) => !now.has(name)).toSorted(),
    removed: [...now.keys()].filter((name) => !then.has(name)).toSorted(),
    changed: [...then].flatMap(([name, text]) => (now.has(name) && now.get(name) !== text ? [name] : [])).toSorted(),
  }
}
