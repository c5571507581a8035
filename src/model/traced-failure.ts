import type { Failure } from './plan-schema.ts'

/** A failure that kept the whole text of which `detail` is the part that a person needs: shown with `--verbose`. */
export interface TracedFailure extends Failure {
  /** Cleaned of control characters; cut in the middle where it is very long. */
  readonly trace: string
}
