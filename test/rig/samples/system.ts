import { built, type NixosSystem, unitsOfLinks } from '../../../src/model/host/nixos-system.ts'
import type { Link } from '../../../src/model/host/system.ts'

const none = { kernel: null, initrd: null, kernelModules: null, kernelParams: null }

/** A store path with that name; the digit tells versions of one thing apart. */
export function storePath(name: string, digit = 0): string {
  return `/nix/store/${String(digit).repeat(32)}-${name}`
}

/** A system about which everything is known and in which nothing is, but what is given. */
export function sampleSystem(given: Partial<NixosSystem> = {}): NixosSystem {
  return {
    toplevel: storePath('nixos-system-a-1'),
    boot: built(none),
    systemd: built(storePath('systemd-257')),
    packages: built({ scope: 'closure', paths: [], selected: [] }),
    size: built(0),
    etc: built(new Map()),
    units: built(unitsOfLinks([])),
    userUnits: built(unitsOfLinks([])),
    users: built(new Map()),
    groups: built(new Map()),
    firewall: built({ enabled: true, ports: new Set<string>() }),
    inhibitors: built(new Map()),
    specialisations: built(new Set<string>()),
    label: built('1'),
    revision: built(null),
    texts: new Map(),
    ...given,
  }
}

/** The part of a system that units make: a text for each, under a path that the digit makes its own. */
export function withUnits(
  texts: Readonly<Record<string, string>>,
  digit: number,
  more: readonly Link[] = [],
): NixosSystem {
  const files = Object.entries(texts).map(([name, text]) => ({
    name,
    target: `${storePath(`unit-${name.replace('@', '-')}`, digit)}/${name}`,
    text,
  }))
  return sampleSystem({
    units: built(unitsOfLinks([...files.map(({ name, target }) => ({ name, target })), ...more])),
    texts: new Map(files.map(({ target, text }) => [target, text])),
  })
}
