import type { Check, Failure, HostSettings } from '../model/plan/plan-schema.ts'

/** One measurement. `error`: it could not be measured, which is not the same as bad; `pending`: not yet, ask again. */
export interface Measurement {
  readonly result: 'pass' | 'fail' | 'error' | 'pending'
  /** In words, enough alone. */
  readonly message: string
  /** Of `pending`: milliseconds after which it may be asked again; absent or null: at its interval. */
  readonly retryAfterMs?: number | null
}

/** What a check may look at. */
export interface CheckSubject {
  /** The host; the wave, for a check of the wave itself. */
  readonly name: string
  /** Null for a check of a wave: it is about no host. */
  readonly settings: HostSettings | null
  /** Units that had failed before the change: they do not condemn it. */
  readonly failedBefore: readonly string[]
  readonly wave: string
  /** Null where the checks run by themselves (`fleet check`, `fleet plan`). */
  readonly run: string | null
  readonly phase: CheckPhase
  readonly plan: { readonly from: string | null; readonly to: string | null }
}

/** When a check is asked; `now`: by `fleet check`. */
export type CheckPhase = 'before' | 'after' | 'bake' | 'rollback' | 'now'

/** One attempt of one check. */
export interface Attempt extends CheckSubject {
  /** The check's name. */
  readonly check: string
  /** Counted from 1. */
  readonly attempt: number
}

/** A check type. One call is one attempt, bounded by the check's own `timeoutMs`; it never rejects but for a bug. */
export interface CheckType<C extends Check = Check> {
  measure(check: C, attempt: Attempt, signal: AbortSignal): Promise<Measurement>
  /** What the check needs on the operator's machine and does not find; null: nothing. Absent: it needs nothing there. */
  missing?(check: C, signal: AbortSignal): Promise<Failure | null>
}

/** The types of checks that there are, by name. */
export type CheckTypes = Readonly<Partial<Record<Check['type'], CheckType>>>
