import type { Known } from '../../../model/host/nixos-system.ts'
import type { NameChanges } from '../../../model/plan/plan-schema.ts'

/** Users or groups that come, go, or stay with other properties; null when one side is not known. */
export function compareNames(
  before: Known<ReadonlyMap<string, string>>,
  after: Known<ReadonlyMap<string, string>>,
): NameChanges | null {
  if (before.how === 'unknown' || after.how === 'unknown') return null
  const [old, planned] = [before.value, after.value]
  return {
    added: [...planned.keys()].filter((name) => !old.has(name)).toSorted(),
    removed: [...old.keys()].filter((name) => !planned.has(name)).toSorted(),
    changed: [...planned].flatMap(([name, text]) => (old.has(name) && old.get(name) !== text ? [name] : [])).toSorted(),
  }
}

/** Names that come or go; null when one side is not known. */
export function compareSets(before: Known<ReadonlySet<string>>, after: Known<ReadonlySet<string>>): NameChanges | null {
  if (before.how === 'unknown' || after.how === 'unknown') return null
  const [old, planned] = [before.value, after.value]
  const only = (names: ReadonlySet<string>, others: ReadonlySet<string>) =>
    [...names].filter((name) => !others.has(name)).toSorted()
  return { added: only(planned, old), removed: only(old, planned), changed: [] }
}
