import type { Event } from '../model/event-schema.ts'
import type { Recorded } from '../model/recorded.ts'
import type { Plan } from '../model/plan-schema.ts'

/** The record of one run. `append` returns when the event is on disk; it throws when it cannot be written. */
export interface Journal {
  readonly run: string
  append(event: Event): void
  /** Keeps a host's output, whole, for reading afterwards. */
  output(host: string, line: string): void
  /** File that holds a host's output. */
  logOf(host: string): string
  /** Directory for the garbage-collector roots that protect the run's paths, absolute. */
  readonly roots: string
  close(): void
}

/** Where runs are kept. Nothing in it is needed to be correct, only to tell the story. */
export interface Runs {
  begin(run: string, plan: Plan): Journal
  /** The latest run of this plan but `current`, when it never finished; else null. */
  unfinished(planId: string, current: string): string | null
  /** What the latest runs say of each host, by name; a host that is in none of them is missing. */
  recorded(): ReadonlyMap<string, Recorded>
}
