import { type Closure, closureSize } from '../../../model/nix/closure.ts'
import type { Known } from '../../../model/host/nixos-system.ts'

/** Bytes by which the closure grows; null when one side is not known. */
export function compareSize(before: Known<number>, after: Known<number>): number | null {
  return before.how === 'unknown' || after.how === 'unknown' ? null : after.value - before.value
}

/** Bytes, unpacked, of the paths that a host does not have yet; null until the new closure is built. */
export function downloadOf(before: Closure | null, after: Closure | null): number | null {
  if (before === null || after === null) return null
  return closureSize(new Map([...after].filter(([path]) => !before.has(path))))
}
