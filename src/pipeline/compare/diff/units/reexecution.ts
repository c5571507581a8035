import type { NixosSystem } from '../../../../model/host/nixos-system.ts'
import type { UnitChanges } from '../../../../model/plan/plan-schema.ts'

/**
 * Whether systemd itself is executed again: for another build of it, or for its own settings (nixpkgs switch-to-configuration-ng
 * src/main.rs compares where both systems' `systemd` and `/etc/systemd/system.conf` lead).
 */
export function reexecution(before: NixosSystem, after: NixosSystem): Pick<UnitChanges, 'reexecuted'> {
  if (
    before.systemd.how !== 'unknown' &&
    after.systemd.how !== 'unknown' &&
    before.systemd.value !== after.systemd.value
  )
    return { reexecuted: 'package' }
  if (before.etc.how === 'unknown' || after.etc.how === 'unknown') return {}
  const [old, planned] = [before, after].map(({ etc }) =>
    etc.how === 'unknown' ? undefined : etc.value.get('systemd/system.conf')?.source,
  )
  return old === planned ? {} : { reexecuted: 'settings' }
}
