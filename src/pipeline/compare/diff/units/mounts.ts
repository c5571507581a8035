import type { NixosSystem } from '../../../../model/host/nixos-system.ts'
import type { UnitActions } from './unit-actions.ts'

interface Entry {
  readonly device: string
  readonly type: string
  readonly options: readonly string[]
}

/** Units that /etc/fstab brings and takes away. */
export interface FstabChanges {
  /** Units of entries that are new, by name, each with the target that wants it. */
  readonly wanted: ReadonlyMap<string, string>
  readonly gone: ReadonlySet<string>
}

/** No change of /etc/fstab. */
const sameFstab: FstabChanges = { wanted: new Map(), gone: new Set() }

/**
 * What a switch does about /etc/fstab (nixpkgs switch-to-configuration-ng src/main.rs): an entry that is gone is unmounted or
 * switched off, another device or type is mounted anew, other options are given to what is mounted; / and /nix are never unmounted.
 * What is new is started with its target.
 */
export function mountActions(before: NixosSystem, after: NixosSystem, actions: UnitActions): FstabChanges {
  const [old, planned] = [fstabOf(before), fstabOf(after)]
  if (old === null || planned === null) return sameFstab
  for (const [place, entry] of old.mounts) {
    const next = planned.mounts.get(place)
    const stays = place === '/' || place === '/nix'
    const unit = unitOfPath(place, 'mount')
    if (isAutomount(entry) && (next === undefined || !isAutomount(next)))
      actions.stop.add(unitOfPath(place, 'automount'))
    if (next === undefined) {
      if (!stays) actions.stop.add(unit)
    } else if (next.type !== entry.type || next.device !== entry.device) {
      if (!stays) actions.restart.add(unit)
      else if (sameOptions(entry, next)) actions.skip.add(unit)
      else actions.reload.add(unit)
    } else if (!sameOptions(entry, next)) actions.reload.add(unit)
  }
  for (const device of old.swaps.keys()) if (!planned.swaps.has(device)) actions.stop.add(swapUnit(device))
  const wantedBefore = wantedOf(old)
  const there = unitsOf(planned)
  return {
    wanted: new Map([...wantedOf(planned)].filter(([unit]) => !wantedBefore.has(unit))),
    gone: new Set([...unitsOf(old)].filter((unit) => !there.has(unit))),
  }
}

interface Fstab {
  readonly mounts: ReadonlyMap<string, Entry>
  /** By device. */
  readonly swaps: ReadonlyMap<string, Entry>
}

function fstabOf({ etc, texts }: NixosSystem): Fstab | null {
  if (etc.how === 'unknown') return null
  const source = etc.value.get('fstab')?.source
  const text = source === undefined ? undefined : texts.get(source)
  if (text === undefined) return null
  const mounts = new Map<string, Entry>()
  const swaps = new Map<string, Entry>()
  for (const line of text.split('\n')) {
    const [device, place, type, options = ''] = line.trim().split(/\s+/)
    if (line.includes('#') || device === undefined || place === undefined || type === undefined) continue
    const entry = { device, type, options: options.split(',') }
    if (type === 'swap') swaps.set(device, entry)
    else mounts.set(place, entry)
  }
  return { mounts, swaps }
}

function sameOptions(one: Entry, other: Entry): boolean {
  return one.options.join(',') === other.options.join(',')
}

function isAutomount({ options }: Entry): boolean {
  return options.includes('x-systemd.automount')
}

/** All units that systemd's generator makes of the entries. */
function unitsOf({ mounts, swaps }: Fstab): ReadonlySet<string> {
  return new Set([
    ...[...mounts].flatMap(([place, entry]) => [
      unitOfPath(place, 'mount'),
      ...(isAutomount(entry) ? [unitOfPath(place, 'automount')] : []),
    ]),
    ...[...swaps.keys()].map(swapUnit),
  ])
}

/** Those of them that a target wants, with that target (man systemd-fstab-generator). */
function wantedOf({ mounts, swaps }: Fstab): ReadonlyMap<string, string> {
  const units = new Map<string, string>()
  for (const [place, entry] of mounts) {
    if (entry.options.includes('noauto')) continue
    const target = isRemote(entry) ? 'remote-fs.target' : 'local-fs.target'
    units.set(unitOfPath(place, isAutomount(entry) ? 'automount' : 'mount'), target)
  }
  for (const [device, { options }] of swaps) if (!options.includes('noauto')) units.set(swapUnit(device), 'swap.target')
  return units
}

function isRemote({ type, options }: Entry): boolean {
  return options.includes('_netdev') || /^(?:nfs4?|cifs|smb3|sshfs|fuse\.sshfs|ceph|glusterfs|9p|afs|ncpfs)$/.test(type)
}

/** The unit of a swap device: names of udev's links stand for `UUID=` and the like. */
function swapUnit(device: string): string {
  const [, tag, value] = /^(UUID|LABEL|PARTUUID|PARTLABEL)=(.*)$/.exec(device) ?? []
  const path = tag === undefined ? device : `/dev/disk/by-${tag.toLowerCase()}/${value ?? ''}`
  return unitOfPath(path, 'swap')
}

/** The unit of a path, as `systemd-escape --path` names it. */
function unitOfPath(place: string, suffix: 'mount' | 'automount' | 'swap'): string {
  const inner = place
    .split('/')
    .filter((step) => step !== '')
    .join('/')
  if (inner === '') return `-.${suffix}`
  const escaped = [...new TextEncoder().encode(inner)].map((byte, index) => {
    const character = String.fromCodePoint(byte)
    if (character === '/') return '-'
    const plain = /[A-Za-z0-9:_.]/.test(character) && !(character === '.' && index === 0)
    return plain ? character : `\\x${byte.toString(16).padStart(2, '0')}`
  })
  return `${escaped.join('')}.${suffix}`
}
