import { join } from 'node:path'
import { baseTree, unitsOfBase } from './base-tree.ts'
import { removeGroups } from './groups.ts'
import { startSwitch, type Switch } from './switch.ts'

/** What all hosts with a real systemd of a lab share. */
export interface Ground {
  /** Directory of the base tree. */
  readonly base: string
  /** Directory of the units of its systemd. */
  readonly units: string
  readonly switch: Switch
}

/** Makes what the hosts of the lab with that network share; the base tree only where there is none yet. */
export async function layGround(network: number, onProgress: (text: string) => void): Promise<Ground> {
  const base = await baseTree(onProgress)
  return { base, units: join(base, unitsOfBase), switch: await startSwitch(network) }
}

/** Removes all of it but the base tree, when no host is left. */
export async function removeGround(directory: string, ground: Ground | undefined): Promise<void> {
  await ground?.switch.stop()
  await removeGroups(directory)
}
