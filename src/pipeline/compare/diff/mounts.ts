import type { NixosSystem } from '../../../model/host/nixos-system.ts'
import type { UnitActions } from './unit-actions.ts'

interface Mount {
  readonly device: string
  readonly type: string
  readonly options: string
}

/**
 * What a switch does about /etc/fstab (nixpkgs switch-to-configuration-ng src/main.rs): an entry that is gone is unmounted,
 * another device or type is mounted anew, other options are given to what is mounted; never / and /nix.
 */
export function mountActions(before: NixosSystem, after: NixosSystem, actions: UnitActions): void {
  const [old, planned] = [fstabOf(before), fstabOf(after)]
  if (old === null || planned === null) return
  for (const [place, mount] of old) {
    const next = planned.get(place)
    const unit = mountUnit(place)
    if (next === undefined) {
      if (place !== '/' && place !== '/nix') actions.stop.add(unit)
    } else if (next.type !== mount.type || next.device !== mount.device) {
      if (place === '/' || place === '/nix') actions.unclear.add(unit)
      else actions.restart.add(unit)
    } else if (next.options !== mount.options) actions.reload.add(unit)
  }
}

function fstabOf({ etc, texts }: NixosSystem): ReadonlyMap<string, Mount> | null {
  if (etc.how === 'unknown') return null
  const source = etc.value.get('fstab')?.source
  const text = source === undefined ? undefined : texts.get(source)
  if (text === undefined) return null
  const mounts = new Map<string, Mount>()
  for (const line of text.split('\n')) {
    const [device, place, type, options = ''] = line.trim().split(/\s+/)
    if (line.includes('#') || device === undefined || place === undefined || type === undefined || type === 'swap')
      continue
    mounts.set(place, { device, type, options })
  }
  return mounts
}

/** The unit of a mount point, as `systemd-escape --path --suffix=mount` names it. */
function mountUnit(place: string): string {
  const inner = place
    .split('/')
    .filter((step) => step !== '')
    .join('/')
  if (inner === '') return '-.mount'
  const escaped = [...new TextEncoder().encode(inner)].map((byte, index) => {
    const character = String.fromCodePoint(byte)
    if (character === '/') return '-'
    const plain = /[A-Za-z0-9:_.]/.test(character) && !(character === '.' && index === 0)
    return plain ? character : `\\x${byte.toString(16).padStart(2, '0')}`
  })
  return `${escaped.join('')}.mount`
}
