import type { ChangedHost } from '../../model/plan/plan-schema.ts'
import type { Prepared } from './prepare.ts'
import type { HostPorts, HostTask } from './task.ts'

/** One host on its way: what it is to become, what it was, and what the world offers. */
export interface Journey {
  readonly task: HostTask
  readonly planned: ChangedHost
  readonly prepared: Prepared
  readonly ports: HostPorts
  readonly signal: AbortSignal
  /** The host itself has told that it stays. */
  readonly isConfirmed?: boolean
}
