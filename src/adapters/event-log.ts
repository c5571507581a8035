import { closeSync, openSync, writeSync } from 'node:fs'
import type { Event } from '../model/run/event-schema.ts'

/** A file that gets the event stream as well (`--log`). */
export interface EventLog {
  /** Throws when it cannot be written. */
  append(event: Event): void
  close(): void
}

/** Begins the file anew; throws where it cannot be opened. */
export function openEventLog(path: string): EventLog {
  const file = openSync(path, 'w', 0o600)
  return {
    append: (event) => void writeSync(file, `${JSON.stringify(event)}\n`),
    close: () => closeSync(file),
  }
}
