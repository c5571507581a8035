import pLimit from 'p-limit'
import type { FleetFile } from '../../model/fleet/fleet-schema.ts'
import type { Probed } from '../../model/inventory/offered-key.ts'
import type { HostKeys } from '../../ports/init/host-keys.ts'

/** Hosts that are asked at once. */
const atOnce = 8

/** Asks every enabled host of the file for its key, at the first of its addresses. */
export function probeKeys(file: FleetFile, keys: HostKeys, signal: AbortSignal): Promise<readonly Probed[]> {
  const limit = pLimit(atOnce)
  const enabled = Object.entries(file.hosts).filter(([, host]) => host?.enabled !== false)
  return Promise.all(
    enabled.map(([name, host]) =>
      limit(async () => {
        const address = [host?.address ?? name].flat()[0] ?? name
        const port = host?.ssh?.port ?? file.defaults?.ssh?.port ?? null
        return { name, address, offered: await keys.offered({ address, port }, signal) }
      }),
    ),
  )
}

/** The file with these keys pinned, by host. */
export function withPins(file: FleetFile, pins: ReadonlyMap<string, string>): FleetFile {
  const hosts = Object.entries(file.hosts).map(([name, host]) => {
    const hostKey = pins.get(name)
    return [name, hostKey === undefined ? host : { ...host, ssh: { ...host?.ssh, hostKey } }] as const
  })
  return { ...file, hosts: Object.fromEntries(hosts) }
}
