import type { Host } from '../../model/fleet/fleet.ts'
import type { Source } from '../../model/plan/plan-schema.ts'
import type { Evaluation, HostDetail, Observation } from '../../model/host/system.ts'

/** One of two systems that are compared: built, and told by a host or by this machine's store, or evaluated. */
export type Side = BuiltSide | EvaluatedSide

export interface BuiltSide {
  readonly how: 'built'
  /** As it was given. */
  readonly name: string
  /** What that is, in words. */
  readonly is: string
  readonly host: Host
  /** As if the system ran: its files are those of the system. */
  /** False: its units are those of a boot. */
  readonly isRunning: boolean
  readonly observation: Observation & { readonly detail: HostDetail }
  /** Whether the host can be asked for what this machine does not have. */
  readonly asks: 'host' | 'this-machine'
}

export interface EvaluatedSide {
  readonly how: 'evaluated'
  readonly name: string
  readonly is: string
  readonly host: Host
  readonly source: Source
  readonly evaluation: Evaluation
}
