import type { ChangedHost } from '../../model/plan/plan-schema.ts'
import type { Observation } from '../../model/host/system.ts'
import type { HostLock } from './lock.ts'
import type { HostWork } from './task.ts'

/** One host's way through one run, from the moment that it is locked and has said what it runs. */
export interface Journey extends HostWork {
  readonly planned: ChangedHost
  /** Whoever ends the journey gives it back. */
  readonly lock: HostLock
  /** What it runs before its change, as it said under its lock. */
  readonly before: Observation
  /** When it said so, ms since the epoch. */
  readonly observedAt: number
  /** Checks that failed before the change: they do not condemn it. */
  readonly failing: ReadonlySet<string>
}
