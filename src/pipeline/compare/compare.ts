import { outputIndex } from '../../model/nix/derivation-graph.ts'
import type { Known, NixosSystem } from '../../model/host/nixos-system.ts'
import { parsePackageName } from '../../model/nix/package-name.ts'
import type { Diff, Failure, Provenance } from '../../model/plan/plan-schema.ts'
import { compareNames, compareSets } from './diff/accounts.ts'
import { compareBoot, rebootFor, toldApart } from './diff/boot.ts'
import { findCauses } from './diff/causes.ts'
import { compareEtc } from './diff/etc.ts'
import { compareFirewall } from './diff/firewall.ts'
import { compareInhibitors } from './diff/inhibitors.ts'
import { kindOf } from './diff/kind.ts'
import { comparePackages, namedByPath, type Naming } from './diff/packages.ts'
import { compareSize, downloadOf } from './diff/size.ts'
import type { HostSides } from './sides.ts'
import { compareUnitSets } from './diff/units/units.ts'

/** Parts of a system that must be known as built for a comparison to be exact. */
const compared = [
  'boot',
  'packages',
  'size',
  'etc',
  'units',
  'users',
  'groups',
  'firewall',
  'inhibitors',
] as const satisfies readonly (keyof NixosSystem)[]

/** How both sides of a host differ, and why some of it could not be compared. */
export interface Difference {
  readonly diff: Diff
  readonly problems: readonly Failure[]
}

/** How the sides of a host differ: every pass over the two systems, and how each result is known. */
export function compare(sides: HostSides): Diff {
  const { before, after, observation, evaluation, graphs, closures } = sides
  const inhibitors = compareInhibitors(before.inhibitors, after.inhibitors)
  const parts = {
    packages: comparePackages(before.packages, after.packages, namingOf(graphs)),
    sizeDelta: compareSize(before.size, after.size),
    download: downloadOf(closures.before, closures.after),
    reboot: rebootFor(toldApart(compareBoot(observation, evaluation), observation, evaluation), inhibitors),
    units: compareUnitSets(before, after, observation.detail, evaluation.release),
    etc: compareEtc(before, after),
    users: compareNames(before.users, after.users),
    groups: compareNames(before.groups, after.groups),
    firewall: compareFirewall(before.firewall, after.firewall),
    inhibitors,
    specialisations: compareSets(before.specialisations, after.specialisations),
    causes: graphs.before === null || graphs.after === null ? null : findCauses(graphs.before, graphs.after),
  }
  const provenance = provenanceOf(parts, before, after)
  const exact = compared.every((key) => together(before[key], after[key]) === 'built')
  const whole = { exact, ...parts, provenance }
  return { ...whole, kind: kindOf(whole, before, after) }
}

/** Exact names where the derivations of both sides tell them; otherwise what the paths tell, on both sides alike. */
function namingOf({ before, after }: HostSides['graphs']): Naming {
  if (before === null || after === null) return namedByPath
  const indexes = [outputIndex(after), outputIndex(before)]
  return (path) => {
    const node = indexes.map((index) => index.get(path)?.node).find((found) => found !== undefined)
    if (node === undefined) return namedByPath(path)
    return node.pname === null || node.version === null
      ? parsePackageName(node.name)
      : { name: node.pname, version: node.version }
  }
}

function provenanceOf(
  parts: Pick<Diff, 'sizeDelta' | 'download' | 'reboot' | 'units' | 'causes'>,
  before: NixosSystem,
  after: NixosSystem,
): Readonly<Record<string, Provenance>> {
  const both = (key: (typeof compared)[number]) => together(before[key], after[key])
  return {
    packages: both('packages'),
    sizeDelta: parts.sizeDelta === null ? 'unknown' : together(before.size, after.size),
    download: parts.download === null ? 'unknown' : 'built',
    reboot: parts.reboot.needed === null ? 'unknown' : together(before.boot, after.boot),
    // What was built is compared, and what activation does about it is worked out all the same.
    units: parts.units === null ? 'unknown' : 'predicted',
    etc: both('etc'),
    users: both('users'),
    groups: both('groups'),
    firewall: both('firewall'),
    inhibitors: both('inhibitors'),
    specialisations: together(before.specialisations, after.specialisations),
    causes: parts.causes == null ? 'unknown' : 'predicted',
  }
}

function together(one: Known<unknown>, other: Known<unknown>): Provenance {
  if (one.how === 'unknown' || other.how === 'unknown') return 'unknown'
  return one.how === 'built' && other.how === 'built' ? 'built' : 'predicted'
}
