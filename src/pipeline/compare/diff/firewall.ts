import type { Firewall, Known } from '../../../model/host/nixos-system.ts'
import type { PortChanges } from '../../../model/plan/plan-schema.ts'

/** Ports that open or close; null when one side is not known. */
export function compareFirewall(before: Known<Firewall>, after: Known<Firewall>): PortChanges | null {
  if (before.how === 'unknown' || after.how === 'unknown') return null
  const [old, planned] = [before.value, after.value]
  // Without a firewall every port is open, and none is opened or closed one by one.
  if (!planned.enabled) return { opened: [], closed: [], enabled: old.enabled ? false : null }
  const inOrder = (ports: readonly string[]) => ports.toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true }))
  return {
    opened: inOrder([...planned.ports].filter((port) => !old.ports.has(port))),
    closed: inOrder([...old.ports].filter((port) => !planned.ports.has(port))),
    enabled: old.enabled === planned.enabled ? null : planned.enabled,
  }
}
