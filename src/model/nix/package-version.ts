/**
 * Orders two versions as Nix does (`builtins.compareVersions`, NixOS/nix src/libexpr/names.cc): negative when the first is
 * older. Components are runs of digits or of anything else between dots and dashes; `pre` is older than nothing.
 */
export function compareVersions(first: string, second: string): number {
  const [a, b] = [componentsOf(first), componentsOf(second)]
  for (let index = 0; index < Math.max(a.length, b.length); index++) {
    const [one, other] = [a[index] ?? '', b[index] ?? '']
    if (isOlder(one, other)) return -1
    if (isOlder(other, one)) return 1
  }
  return 0
}

/** True for what looks like a commit hash, 7 to 40 hexadecimal digits with a letter and a digit: such versions have no order. */
export function isCommitHash(version: string): boolean {
  return /^[0-9a-f]{7,40}$/.test(version) && /[a-f]/.test(version) && /\d/.test(version)
}

/** How a set of versions moves: up or down where all of one side come before all of the other, else `changed`. */
export function directionOf(
  from: readonly string[],
  to: readonly string[],
): 'added' | 'removed' | 'up' | 'down' | 'changed' {
  if (from.length === 0) return 'added'
  if (to.length === 0) return 'removed'
  if ([...from, ...to].some((version) => version === '' || isCommitHash(version))) return 'changed'
  const [before, after] = [from.toSorted(compareVersions), to.toSorted(compareVersions)]
  const ends = (list: readonly string[]) => [list[0] ?? '', list.at(-1) ?? ''] as const
  const [[oldest, newest], [nextOldest, nextNewest]] = [ends(before), ends(after)]
  if (compareVersions(newest, nextOldest) < 0) return 'up'
  if (compareVersions(nextNewest, oldest) < 0) return 'down'
  return 'changed'
}

function componentsOf(version: string): readonly string[] {
  return version.match(/\d+|[^\d.-]+/g) ?? []
}

/** Components beyond 32-bit numbers are text in Nix. */
function asNumber(component: string): number | null {
  if (!/^\d+$/.test(component)) return null
  const number = Number(component)
  return number <= 0x7fffffff ? number : null
}

function isOlder(one: string, other: string): boolean {
  const [a, b] = [asNumber(one), asNumber(other)]
  if (a !== null && b !== null) return a < b
  if (one === '' && b !== null) return true
  if (one === 'pre' && other !== 'pre') return true
  if (other === 'pre') return false
  // 2.3a is older than 2.3.1.
  if (b !== null) return true
  if (a !== null) return false
  return one < other
}
