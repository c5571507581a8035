import type { LimitFunction } from 'p-limit'
import type { Diagnostic } from '../../model/diagnostic.ts'
import type { Overrides, SelectedWave } from '../../model/run/event-schema.ts'
import type { Plan } from '../../model/plan/plan-schema.ts'
import type { Ask } from '../../ports/ask.ts'
import type { Hooks } from '../../ports/hook.ts'
import type { Journal } from '../../ports/journal.ts'
import type { FleetLock } from '../../ports/lock.ts'
import type { HostPorts, HostTask } from '../host/task.ts'
import type { Journey } from '../host/journey.ts'
import type { OutputBudget } from './output-budget.ts'
import type { Stream } from './stream.ts'

export interface ApplyRequest {
  readonly plan: Plan
  /** What is rolled out: waves in order, each with its selected hosts. */
  readonly selection: readonly SelectedWave[]
  /** Waves that were named outright and need no question. */
  readonly promoted: ReadonlySet<string>
  /** What the command line sets aside. */
  readonly overrides: Overrides
  /** Milliseconds to wait for each lock that somebody else holds. */
  readonly lockTimeoutMs: number
  /** What the stream should tell when it opens. */
  readonly notes: readonly Diagnostic[]
  /** The unfinished run that this one picks up. */
  readonly resumes: string | null
  /** Version of fleet, and user@machine. */
  readonly version: string
  readonly operator: string
}

export interface ApplyPorts extends HostPorts {
  readonly journal: Journal
  readonly ask: Ask
  readonly hooks: Hooks
  /** The fleet lock that the plan names; null where it names none. */
  readonly fleetLock: FleetLock | null
}

/** The operator's patience: `first` asks to finish what is in flight, `second` to stop. The reason is the signal's name. */
export interface Interrupts {
  readonly first: AbortSignal
  readonly second: AbortSignal
}

/** What the parts of the loop share. */
export interface Rollout {
  readonly request: ApplyRequest
  readonly ports: ApplyPorts
  readonly interrupts: Interrupts
  /** Fires when nothing more may be started: at the first interrupt, or when the run is stopped. */
  readonly over: AbortSignal
  readonly stream: Stream
  readonly taskOf: (host: string) => HostTask
  /** By name: hosts that were prepared. */
  readonly journeys: ReadonlyMap<string, Journey>
  /** Bounds what is kept of what is printed for each host. */
  readonly output: OutputBudget
  /** Lets one host at a time do what takes it away from the others: reboot. */
  readonly turns: LimitFunction
}
