import type { Check, HostSettings } from '../model/plan-schema.ts'

/** One measurement. `error`: it could not be measured, which is not the same as bad. */
export interface Measurement {
  readonly result: 'pass' | 'fail' | 'error'
  /** In words, enough alone. */
  readonly message: string
}

/** What a check may look at. */
export interface CheckSubject {
  readonly name: string
  readonly settings: HostSettings
  /** Units that had failed before the change: they do not condemn it. */
  readonly failedBefore: readonly string[]
}

/** A check type. One call is one attempt, bounded by the check's own `timeoutMs`. */
export interface CheckType<C extends Check = Check> {
  measure(check: C, subject: CheckSubject, signal: AbortSignal): Promise<Measurement>
}
