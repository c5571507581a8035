import type { NixosSystem } from '../../../model/host/nixos-system.ts'
import { parsePackageName } from '../../../model/nix/package-name.ts'
import type { Diff } from '../../../model/plan/plan-schema.ts'

/** What tells the revision that a system was made from, and nothing else. */
const stamped =
  /^(?:nixos-system-.*|nixos-version|boot\.json|etc-os-release|etc-lsb-release|etc-issue|issue|nixos-manual.*|nixos-configuration-reference.*|nixos-help|nixos-tools)$/
/** Files of /etc that hold the label of the system. */
const stampedFiles = new Set(['os-release', 'lsb-release', 'issue'])

/** The most telling thing that changes. A part that is not known is taken to change: only what was compared is called a stamp. */
export function kindOf(diff: Diff, before: NixosSystem, after: NixosSystem): NonNullable<Diff['kind']> {
  if (diff.reboot.needed === true) return 'reboot'
  if (diff.packages !== null && diff.packages.length > 0) return 'packages'
  return isStamp(diff, before, after) ? 'stamp' : 'configuration'
}

function isStamp(diff: Diff, before: NixosSystem, after: NixosSystem): boolean {
  const { packages, units, etc, users, groups, firewall, inhibitors, specialisations, reboot, causes } = diff
  if (packages === null || units === null || etc === null || users == null || groups == null) return false
  if (firewall == null || inhibitors == null || reboot.needed === null) return false
  if (specialisations != null && specialisations.added.length + specialisations.removed.length > 0) return false
  const lists = [users.added, users.removed, users.changed, groups.added, groups.removed, groups.changed]
  const { restarted, stopped, started, reloaded, notStopped = [], pathsOnly = [] } = units
  // Every switch starts its targets again, whatever changes.
  const services = restarted.filter((unit) => !unit.endsWith('.target'))
  const touched = [...services, ...stopped, ...started, ...reloaded, ...notStopped]
  const quiet =
    [...lists, firewall.opened, firewall.closed, inhibitors].every((list) => list.length === 0) &&
    firewall.enabled === null &&
    touched.every((unit) => pathsOnly.includes(unit)) &&
    etc.every(
      ({ path, inherited }) => inherited === true || (stampedFiles.has(path) && differInLabelOnly(path, before, after)),
    )
  if (!quiet) return false
  return causes == null
    ? chosenDifferInStamp(before, after)
    : causes.every(({ name }) => stamped.test(name) || name === 'system-path')
}

/** Without derivations of the old system the chosen packages bear witness: none but the stamp may differ. */
function chosenDifferInStamp(before: NixosSystem, after: NixosSystem): boolean {
  if (before.packages.how === 'unknown' || after.packages.how === 'unknown') return false
  const [chosenBefore, chosenAfter] = [before.packages.value.selected, after.packages.value.selected]
  if (chosenBefore === null || chosenAfter === null) return false
  const [old, planned] = [new Set(chosenBefore), new Set(chosenAfter)]
  const differing = [...[...old].filter((path) => !planned.has(path)), ...[...planned].filter((path) => !old.has(path))]
  return differing.every((path) => stamped.test(parsePackageName(path).name))
}

function differInLabelOnly(path: string, before: NixosSystem, after: NixosSystem): boolean {
  const text = (system: NixosSystem) => {
    const source = system.etc.how === 'unknown' ? undefined : system.etc.value.get(path)?.source
    const found = source === undefined ? undefined : system.texts.get(source)
    return system.label.how === 'unknown' ? found : found?.replaceAll(system.label.value, 'LABEL')
  }
  const [old, planned] = [text(before), text(after)]
  return old !== undefined && old === planned
}
