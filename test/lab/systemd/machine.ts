import { fileURLToPath } from 'node:url'
import type { Place } from '../hosts/keys.ts'
import type { Layout } from '../hosts/layout.ts'
import { startMachine, type Machine } from '../hosts/machine.ts'
import type { Ground } from './ground.ts'
import { groupOf } from './groups.ts'

const script = fileURLToPath(new URL('host/machine.sh', import.meta.url))

/** Starts a host with a real systemd. */
export function startSystemdMachine(layout: Layout, place: Place, storeSize: string, ground: Ground): Machine {
  const { name, address } = place
  const group = `${groupOf(layout.directory)}/${name}`
  return startMachine(
    layout,
    name,
    ['--net'],
    [script, layout.host(name), name, address, storeSize, ground.base, String(ground.switch.pid), group],
  )
}
