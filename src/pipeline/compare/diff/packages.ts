import type { Known, PackageSet } from '../../../model/host/nixos-system.ts'
import { type PackageName, parsePackageName } from '../../../model/nix/package-name.ts'
import { compareVersions, directionOf } from '../../../model/nix/package-version.ts'
import type { PackageChange } from '../../../model/plan/plan-schema.ts'

/** How a path tells its package; null: it is none. Both sides of a comparison are named by the same function. */
export type Naming = (path: string) => PackageName | null

/**
 * Packages whose versions differ, by name: outputs folded, versions as sets, configuration files left out. Where only one
 * side's closure is known, the chosen packages of both are compared.
 */
export function comparePackages(
  before: Known<PackageSet>,
  after: Known<PackageSet>,
  naming: Naming,
): readonly PackageChange[] | null {
  if (before.how === 'unknown' || after.how === 'unknown') return null
  const whole = before.value.scope === 'closure' && after.value.scope === 'closure'
  const [chosenBefore, chosenAfter] = [before.value.selected, after.value.selected]
  // Not known is not empty: else all that the other side chose would be new, or removed.
  if (!whole && (chosenBefore === null || chosenAfter === null)) return null
  const paths = ({ value }: { readonly value: PackageSet }) => (whole ? value.paths : (value.selected ?? []))
  const selected = new Set(
    [...(chosenBefore ?? []), ...(chosenAfter ?? [])].flatMap((path) => naming(path)?.name ?? []),
  )
  const isPackage = ({ name, version }: PackageName) => (version !== '' && !isPartOfSystem(name)) || selected.has(name)
  return compareVersionSets(
    versionsOf(paths(before), naming, isPackage),
    versionsOf(paths(after), naming, isPackage),
  ).map((change) => ({ ...change, selected: selected.has(change.name) }))
}

/** Names whose set of versions differs between two sides, in order. */
export function compareVersionSets(
  before: ReadonlyMap<string, ReadonlySet<string>>,
  after: ReadonlyMap<string, ReadonlySet<string>>,
): readonly PackageChange[] {
  const names = [...new Set([...before.keys(), ...after.keys()])].toSorted()
  return names.flatMap((name) => {
    if (isSame(before.get(name), after.get(name))) return []
    const [from, to] = [inOrder(before.get(name)), inOrder(after.get(name))]
    return [{ name, from, to, direction: directionOf(from, to) }]
  })
}

function isSame(one: ReadonlySet<string> | undefined, other: ReadonlySet<string> | undefined): boolean {
  if (one === undefined || other === undefined || one.size !== other.size) return false
  for (const version of one) if (!other.has(version)) return false
  return true
}

/** The versions of each package among some paths. */
export function versionsOf(
  paths: readonly string[],
  naming: Naming,
  isWanted: (package_: PackageName) => boolean = () => true,
): ReadonlyMap<string, ReadonlySet<string>> {
  const versions = new Map<string, Set<string>>()
  for (const path of paths) {
    const found = naming(path)
    if (found === null || !isWanted(found)) continue
    const known = versions.get(found.name)
    if (known === undefined) versions.set(found.name, new Set([found.version]))
    else known.add(found.version)
  }
  return versions
}

/** Names as store paths tell them, where the derivations of one side are not known. */
export const namedByPath: Naming = (path) => parsePackageName(path)

/** Made anew for each system, with its version in their names. */
function isPartOfSystem(name: string): boolean {
  return name.startsWith('nixos-system-') || name.startsWith('initrd-') || name.startsWith('X-Re')
}

function inOrder(versions: ReadonlySet<string> | undefined): readonly string[] {
  return [...(versions ?? [])].toSorted((a, b) => compareVersions(a, b) || (a < b ? -1 : 1))
}
