import { readNamedFile } from '../../adapters/files/named-file.ts'
import { type Outcome, rejected } from '../../model/diagnostic.ts'
import type { Fleet } from '../../model/fleet/fleet.ts'
import type { Status } from '../../model/host/status-schema.ts'
import { loadStatus } from '../../pipeline/status/load.ts'
import { whyUnread } from './why-unread.ts'

/** Bytes of a file of observations: those of some thousand hosts. */
const largest = 512 * 1024 * 1024

/** Reads saved observations of this fleet; they may come from anybody. */
export async function openObserved(file: string, { name }: Fleet): Promise<Outcome<Status>> {
  const text = await textOf(file)
  if (text instanceof Error) {
    return rejected('observed/unreadable', 'the observations cannot be read', `${file}: ${whyUnread(text)}`)
  }
  const found = loadStatus(text, file)
  if (!found.ok || found.value.name === name) return found
  const detail = `${file} holds observations of ${JSON.stringify(found.value.name)}, this fleet is ${JSON.stringify(name)}.`
  return rejected('observed/other-fleet', 'observations of another fleet', detail)
}

async function textOf(file: string): Promise<string | Error> {
  try {
    return await readNamedFile(file, largest)
  } catch (error) {
    if (error instanceof Error && 'code' in error) return error
    throw error
  }
}
