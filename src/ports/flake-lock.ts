import type { Found } from '../model/host/system.ts'

/** The flake.lock of a flake whose tree is on this machine. */
export interface FlakeLock {
  /** The file, absolute. */
  readonly file: string
  /** Its text; null: there is none yet. */
  read(): Promise<string | null>
  /** Replaces it whole; null: removes it. */
  write(text: string | null): Promise<void>
  /** Puts a copy of a text where it stays until it is let go of, whatever happens to fleet; returns its path. */
  keep(text: string): Promise<string>
  letGo(copy: string): Promise<void>
  /** Copies of updates that ended before they let go of them, absolute. */
  leftOver(): Promise<readonly string[]>
  /** Names of the flake's inputs, those that are not locked yet included. */
  inputs(signal: AbortSignal): Promise<Found<readonly string[]>>
  /** Locks the newest of the named inputs, of all where none is named. Writes the file. */
  update(inputs: readonly string[], signal: AbortSignal): Promise<Found<null>>
  /** Commits the file and nothing else, whatever is staged; returns the commit's short hash. */
  commit(message: string, signal: AbortSignal): Promise<Found<string>>
}
