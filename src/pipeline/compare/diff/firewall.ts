import type { Firewall, Known } from '../../../model/host/nixos-system.ts'
import type { PortChanges } from '../../../model/plan/plan-schema.ts'

/** Ports that open or close; null when one side is not known. */
export function compareFirewall(before: Known<Firewall>, after: Known<Firewall>): PortChanges | null {
  if (before.how === 'unknown' || after.how === 'unknown') return null
  const [now, then] = [before.value, after.value]
  const inOrder = (ports: readonly string[]) => ports.toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true }))
  return {
    opened: inOrder([...then.ports].filter((port) => !now.ports.has(port))),
    closed: inOrder([...now.ports].filter((port) => !then.ports.has(port))),
    enabled: now.enabled === then.enabled ? null : then.enabled,
  }
}
