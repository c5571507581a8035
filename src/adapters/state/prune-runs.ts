import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Failure } from '../../model/plan/plan-schema.ts'
import { isAtWork } from './run-process.ts'

/** Runs that are looked at for what they say of hosts, and kept however old they are. */
export const remembered = 50
/** Milliseconds for which a run is kept, and how many are kept of the younger ones. */
const keptMs = 180 * 24 * 60 * 60_000
const most = 500

/** Removes runs that are older than half a year or beyond the latest 500; the latest 50, and those at work, stay. What fleet did not name stays, too.
 * Null, or why one could not be removed. */
export async function pruneRuns(runs: string, latestFirst: readonly string[], now: number): Promise<Failure | null> {
  const named = latestFirst.flatMap((run) => {
    const began = beganAt(run)
    return began === null ? [] : [{ directory: join(runs, run), began }]
  })
  const old = named.filter(({ began }, index) => index >= remembered && (began < now - keptMs || index >= most))
  try {
    for (const { directory } of old) if (!isAtWork(directory)) await rm(directory, { recursive: true, force: true })
    return null
  } catch (error) {
    if (!(error instanceof Error && 'syscall' in error)) throw error
    return { code: 'state/not-pruned', summary: 'old runs could not be removed', detail: `${error.message}.` }
  }
}

/** When a run began, by its name, ms since the epoch; null: fleet gives no such names. */
function beganAt(run: string): number | null {
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z-[0-9a-z]+$/.exec(run) ?? []
  const at = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
  return Number.isFinite(at) ? at : null
}
