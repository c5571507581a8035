import type { Failure } from '../plan/plan-schema.ts'

/** A failure in one line: what, and the rest where there is more to say. */
export function tellFailure({ summary, detail }: Pick<Failure, 'summary' | 'detail'>): string {
  return detail === '' ? summary : `${summary}: ${detail}`
}
