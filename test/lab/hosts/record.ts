import { readFile, rename, writeFile } from 'node:fs/promises'
import type { Place } from './keys.ts'
import type { Layout } from './layout.ts'

/** What lab.json says: who owns the lab, and its hosts once they are all up. */
export interface LabRecord {
  readonly supervisor: { readonly pid: number; readonly started: string }
  readonly storeSize: string
  /** Whether hosts have a real systemd, so that the kernel has groups of theirs. */
  readonly systemd: boolean
  readonly hosts: readonly (Place & { readonly machine: number })[]
}

/** Writes lab.json, at once or not at all: others may read it at any time. */
export async function writeRecord(layout: Layout, record: LabRecord): Promise<void> {
  await writeFile(`${layout.record}.new`, `${JSON.stringify(record, null, 2)}\n`)
  await rename(`${layout.record}.new`, layout.record)
}

/** The lab's record; undefined when there is none. */
export async function readRecord(layout: Layout): Promise<LabRecord | undefined> {
  const text = await readIfThere(layout.record)
  return text === undefined ? undefined : (JSON.parse(text) as LabRecord)
}

/** Whether the process that owns the lab is still the one that wrote the record. */
export async function isOwned(record: LabRecord): Promise<boolean> {
  return (await startOf(record.supervisor.pid)) === record.supervisor.started
}

/** When a process started, in clock ticks since boot: with the pid it names one process for ever. Undefined when there is none. */
export async function startOf(pid: number): Promise<string | undefined> {
  const stat = await readIfThere(`/proc/${pid}/stat`)
  // The second field, the program's name, may hold blanks: count from its closing parenthesis. A zombie is no owner.
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ')
  return fields === undefined || fields[0] === 'Z' ? undefined : fields[19]
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ESRCH'))
      return undefined
    throw error
  }
}
