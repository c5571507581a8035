import type { BootLinks, Link } from './system.ts'

/** A value and how it is known: read from what was built, or worked out from derivations; or why it is not known. */
export type Known<T> =
  | { readonly how: 'built' | 'predicted'; readonly value: T }
  | { readonly how: 'unknown'; readonly why: string }

/** A NixOS system as far as it is known, whichever way it was learnt: from a host, from derivations, from the local store. */
export interface NixosSystem {
  readonly toplevel: string
  readonly boot: Known<BootLinks>
  /** Store path of the systemd package. */
  readonly systemd: Known<string>
  readonly packages: Known<PackageSet>
  /** Bytes of the closure. */
  readonly size: Known<number>
  /** Entries by path below /etc. */
  readonly etc: Known<ReadonlyMap<string, EtcEntry>>
  readonly units: Known<UnitSet>
  /** Those of users' own managers (/etc/systemd/user). */
  readonly userUnits: Known<UnitSet>
  /** What is to be seen of each user and group, by name; never a hash. */
  readonly users: Known<ReadonlyMap<string, string>>
  readonly groups: Known<ReadonlyMap<string, string>>
  readonly firewall: Known<Firewall>
  /** Switch inhibitors by name (`switch-inhibitors` of the toplevel). */
  readonly inhibitors: Known<ReadonlyMap<string, string>>
  /** Names of specialisations. */
  readonly specialisations: Known<ReadonlySet<string>>
  /** `system.nixos.label`. */
  readonly label: Known<string>
  /** `system.configurationRevision`; null: none was set. */
  readonly revision: Known<string | null>
  readonly texts: Texts
}

/** Texts of store files by their path; those that could not be read are missing. */
export type Texts = ReadonlyMap<string, string>

/** One file of /etc: where it leads, and what it is to be. */
export interface EtcEntry {
  /** Usually in the store; a `*` in it links each match into the directory. */
  readonly source: string
  /** `symlink`, `direct-symlink` or an octal mode. */
  readonly mode: string
  readonly user: string
  readonly group: string
}

/** The files of /etc/systemd/system. */
export interface UnitSet {
  readonly files: ReadonlyMap<string, UnitFiles>
  /** Names of units that a unit wants, requires or upholds by links. */
  readonly wants: ReadonlyMap<string, readonly string[]>
  /** Of those, the ones that it requires. */
  readonly requires: ReadonlyMap<string, readonly string[]>
  /** Packages that bring units whose names are not known without building. */
  readonly opaque: readonly string[]
}

/** The file of one unit and its drop-ins. */
export interface UnitFiles {
  /** Null: only drop-ins are known. `/dev/null` masks the unit. */
  readonly main: string | null
  readonly dropIns: readonly string[]
}

/** Open ports as `tcp/22`, `udp/6000-6010`, `tcp/80%eth0`. */
export interface Firewall {
  readonly enabled: boolean
  readonly ports: ReadonlySet<string>
}

/** Paths of the runtime closure, or of the system's PATH alone where no more is known. */
export interface PackageSet {
  readonly scope: 'closure' | 'selected'
  readonly paths: readonly string[]
  /** Those that environment.systemPackages chose; null: which they are is not known. */
  readonly selected: readonly string[] | null
}

/** A value read from what was built. */
export function built<T>(value: T): Known<T> {
  return { how: 'built', value }
}

/** A value worked out from derivations. */
export function predicted<T>(value: T): Known<T> {
  return { how: 'predicted', value }
}

/** No value, and why. */
export function unknown(why: string): { readonly how: 'unknown'; readonly why: string } {
  return { how: 'unknown', why }
}

/**
 * The units that a directory of links makes (`sshd.service`, `x.service.d/a.conf`, `y.target.wants/x.service`); an alias
 * has the files of the unit that it leads to.
 */
export function unitsOfLinks(links: readonly Link[], opaque: readonly string[] = []): UnitSet {
  const mains = new Map<string, string>()
  const dropIns = new Map<string, string[]>()
  const wants = new Map<string, string[]>()
  const requires = new Map<string, string[]>()
  for (const { name, target } of links.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const [directory = '', file] = name.split('/', 2)
    if (file === undefined) mains.set(name, target)
    else if (directory.endsWith('.d')) append(dropIns, directory.slice(0, -2), target)
    else {
      append(wants, directory.replace(/\.(?:wants|requires|upholds)$/, ''), file)
      if (directory.endsWith('.requires')) append(requires, directory.slice(0, -'.requires'.length), file)
    }
  }
  const names = new Set([...mains.keys(), ...dropIns.keys()])
  const files = [...names].map((name) => {
    const main = followed(mains, name)
    return [name, { main, dropIns: dropIns.get(name) ?? [] }] as const
  })
  return { files: new Map(files), wants, requires, opaque }
}

/** Aliases are links to a name beside them; a circle leads nowhere. */
function followed(mains: ReadonlyMap<string, string>, name: string): string | null {
  const seen = new Set<string>()
  let [at, target] = [name, mains.get(name)]
  while (target !== undefined && !target.startsWith('/') && !seen.has(at)) {
    seen.add(at)
    at = target.replace(/^.*\//, '')
    target = mains.get(at)
  }
  return target?.startsWith('/') === true ? target : null
}

function append(map: Map<string, string[]>, key: string, value: string): void {
  const list = map.get(key)
  if (list === undefined) map.set(key, [value])
  else list.push(value)
}
