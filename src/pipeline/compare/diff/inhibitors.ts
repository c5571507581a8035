import type { Known } from '../../../model/host/nixos-system.ts'
import type { InhibitorChange } from '../../../model/plan/plan-schema.ts'
import { cleanLine } from '../../../model/text/text.ts'

/** Switch inhibitors that differ; null when one side is not known. */
export function compareInhibitors(
  before: Known<ReadonlyMap<string, string>>,
  after: Known<ReadonlyMap<string, string>>,
): readonly InhibitorChange[] | null {
  if (before.how === 'unknown' || after.how === 'unknown') return null
  const [old, planned] = [before.value, after.value]
  // A system from before there were inhibitors stops nobody: the program compares only where both have the file.
  if (old.size === 0) return []
  const names = [...new Set([...old.keys(), ...planned.keys()])].toSorted()
  const shown = (value: string | undefined) => (value === undefined ? null : cleanLine(value))
  return names.flatMap((name) =>
    old.get(name) === planned.get(name)
      ? []
      : [{ name: cleanLine(name), from: shown(old.get(name)), to: shown(planned.get(name)) }],
  )
}
