import type { Code } from './codes/codes.ts'
import type { Failure } from './plan/plan-schema.ts'

/** Why something could not be done or found out: the summary is one line that never varies for a code, the detail full sentences. */
export function failure(code: Code, summary: string, detail: string): Failure {
  return { code, summary, detail }
}

/** What a function returns that found out nothing, with the reason. */
export function failed(code: Code, summary: string, detail: string): { readonly ok: false; readonly failure: Failure } {
  return { ok: false, failure: failure(code, summary, detail) }
}

/** A failure in one line: what, and the rest where there is more to say. */
export function tellFailure({ summary, detail }: Pick<Failure, 'summary' | 'detail'>): string {
  return detail === '' ? summary : `${summary}: ${detail}`
}
