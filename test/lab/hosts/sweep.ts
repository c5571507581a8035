import { readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { layoutOf } from './layout.ts'
import { removeGroups } from '../systemd/groups.ts'
import { isOwned, readRecord } from './record.ts'

/** How the directories of labs under the system's temporary directory begin. */
export const temporaryPrefix = 'fleet-lab-'

/** Removes what labs left behind whose owner was killed; their processes and mounts went with the owner. */
export async function sweep(directories: readonly string[] = []): Promise<void> {
  const temporary = (await readdir(tmpdir()))
    .filter((name) => name.startsWith(temporaryPrefix))
    .map((name) => join(tmpdir(), name))
  for (const directory of [...directories, ...temporary]) {
    const record = await readRecord(layoutOf(directory))
    if (record === undefined || (await isOwned(record))) continue
    if (record.systemd) await removeGroups(directory)
    await rm(directory, { recursive: true, force: true, maxRetries: 3 })
  }
}
