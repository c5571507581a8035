import type { Known } from '../../../model/host/nixos-system.ts'
import type { InhibitorChange } from '../../../model/plan/plan-schema.ts'
import { cleanLine } from '../../../model/text/text.ts'

/**
 * Switch inhibitors that differ; null when one side is not known. As NixOS does, only those are compared that both sides
 * have: one that is added or removed stops nobody.
 */
export function compareInhibitors(
  before: Known<ReadonlyMap<string, string>>,
  after: Known<ReadonlyMap<string, string>>,
): readonly InhibitorChange[] | null {
  if (before.how === 'unknown' || after.how === 'unknown') return null
  const [old, planned] = [before.value, after.value]
  const names = [...old.keys()].filter((name) => planned.has(name)).toSorted()
  const shown = (value: string | undefined) => (value === undefined ? null : cleanLine(value))
  return names.flatMap((name) =>
    old.get(name) === planned.get(name)
      ? []
      : [{ name: cleanLine(name), from: shown(old.get(name)), to: shown(planned.get(name)) }],
  )
}
