import type { Event } from '../model/run/event-schema.ts'
import type { JournalLine } from '../model/run/journal-line.ts'
import type { Recorded } from '../model/host/recorded.ts'
import type { Failure, Plan } from '../model/plan/plan-schema.ts'

/** The record of one run. Both throw when it cannot be written. */
export interface Journal {
  readonly run: string
  /** Adds an event to the record: from then on it survives fleet, and a crash of the machine once `flush` has returned. */
  append(event: Event): void
  /** Returns when all that was appended is on disk. */
  flush(): void
  /** Keeps a host's output, whole, for reading afterwards. */
  output(host: string, line: string): void
  /** File that holds a host's output. */
  logOf(host: string): string
  /** Directory of the run that belongs to this host alone, absolute; who needs it makes it. */
  directoryOf(host: string): string
  /** Directory for the garbage-collector roots that protect the run's paths, absolute. */
  readonly roots: string
  close(): void
}

/** What the two ends of a run's journal say; null where they cannot be understood. */
export interface RunOutline {
  readonly run: string
  readonly first: JournalLine | null
  readonly last: JournalLine | null
  /** Its process is still at work. */
  readonly isRunning: boolean
}

/** All that is left of a run. Nothing of it is believed: a crash may have cut it short. */
export interface RunRecord {
  readonly run: string
  /** Without what programs printed: a host's log has that. */
  readonly lines: readonly JournalLine[]
  /** Lines that could not be understood. */
  readonly unreadable: number
  readonly isRunning: boolean
  /** The plan that it rolled out, absolute; null: it is not there. */
  readonly planFile: string | null
  /** Files with what hosts printed, by host, absolute. */
  readonly logs: ReadonlyMap<string, string>
}

/** Where runs are kept. Nothing in it is needed to be correct, only to tell the story. */
export interface Runs {
  begin(run: string, plan: Plan): Journal
  /** The latest run of this plan but `current`, when it never finished and is not at work; else null. */
  unfinished(planId: string, current: string): Promise<string | null>
  /** Names of all runs, the latest first. */
  names(): readonly string[]
  /** Every run, the latest first; each is read when it is asked for. */
  outlines(): AsyncIterable<RunOutline>
  /** Null: there is no such run. */
  read(run: string): Promise<RunRecord | null>
  /** The plan that a run rolled out, absolute; null: it is not there. */
  planFile(run: string): string | null
  /** What the latest runs say of each host, by name; a host that is in none of them is missing. */
  recorded(): Promise<ReadonlyMap<string, Recorded>>
  /** Lets go of runs that are old or very many; null, or why that did not work. */
  prune(now: number): Promise<Failure | null>
}
