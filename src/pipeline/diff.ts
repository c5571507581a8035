import { parsePackageName } from '../model/package-name.ts'
import type { Diff, PackageChange } from '../model/plan-schema.ts'
import type { BootLinks, Evaluation, Observation } from '../model/system.ts'

/** How what a host should run differs from what it runs, as far as evaluation alone can tell; null is "not known". */
export function diff(should: Evaluation, does: Observation): Diff {
  return {
    exact: false,
    packages: comparePackages(does.selectedPackages, should.selectedPackages),
    sizeDelta: null,
    download: null,
    reboot: compareBoot(does, should),
    units: null,
    etc: null,
  }
}

/** Packages of the system's PATH whose versions differ, by name; null when one side did not tell. */
function comparePackages(
  does: readonly string[] | null,
  should: readonly string[] | null,
): readonly PackageChange[] | null {
  if (does === null || should === null) return null
  const [before, after] = [versionsOf(does), versionsOf(should)]
  const names = [...new Set([...before.keys(), ...after.keys()])].toSorted()
  return names.flatMap((name) => {
    const [from, to] = [before.get(name) ?? [], after.get(name) ?? []]
    return from.join('\n') === to.join('\n') ? [] : [{ name, from, to }]
  })
}

function versionsOf(names: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const versions = new Map<string, readonly string[]>()
  for (const full of names) {
    const { name, version } = parsePackageName(full)
    versions.set(name, [...new Set([...(versions.get(name) ?? []), version])].toSorted())
  }
  return versions
}

/** A reboot is needed when what was booted is not what would be booted, by the links that system.autoUpgrade compares. */
export function compareBoot(does: Observation, should: Evaluation): Diff['reboot'] {
  const [now, then] = [does.bootLinks, should.bootLinks]
  if (now.kernel === null) return { needed: does.booted === null ? false : null, because: [] }
  if (then.kernel === null) return { needed: null, because: [] }
  const because: string[] = []
  if (now.kernel !== then.kernel) because.push(kernelReason(now.kernel, then.kernel))
  // A new kernel brings new modules and a new initrd with it: one reason says it all.
  if (because.length === 0) because.push(...otherReasons(now, then))
  return { needed: because.length > 0, because }
}

function otherReasons(now: BootLinks, then: BootLinks): readonly string[] {
  const reasons: string[] = []
  if (now.initrd !== then.initrd) reasons.push('initrd changed')
  if (now.kernelModules !== then.kernelModules) reasons.push('kernel modules changed')
  if (now.kernelParams !== null && then.kernelParams !== null) {
    const [before, after] = [now.kernelParams.join(' '), then.kernelParams.join(' ')]
    if (before !== after) reasons.push(`kernel parameters changed`)
  }
  return reasons
}

function kernelReason(now: string, then: string): string {
  const version = (path: string) => parsePackageName(/^(\/.*\/[0-9a-z]{32}-[^/]+)/.exec(path)?.[1] ?? path).version
  const [before, after] = [version(now), version(then)]
  return before === after ? 'kernel rebuilt' : `kernel ${before} → ${after}`
}
