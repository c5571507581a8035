import { noCounts } from '../../../model/run/run-summary.ts'
import type { Diagnostic } from '../../../model/diagnostic.ts'
import { eventOf } from '../../../model/run/event-of.ts'
import type { Fact } from '../../../model/run/event.ts'
import type { Event, Overrides, RunFinished } from '../../../model/run/event-schema.ts'

/** What is known of a run that never began. */
export interface RefusedRun {
  readonly run: string
  readonly name: string
  readonly planId: string
  readonly version: string
  readonly operator: string
  /** Milliseconds since the epoch. */
  readonly now: number
  readonly overrides: Overrides
  readonly exitCode: number
  readonly diagnostics: readonly Diagnostic[]
}

/** The whole stream of a run that was refused, or failed, before it touched anything: a start, the reasons, an end. */
export function refusedRun({
  run,
  name,
  planId,
  version,
  operator,
  overrides,
  now,
  exitCode,
  diagnostics,
}: RefusedRun): readonly Event[] {
  const reason = diagnostics.map(({ summary, detail }) => `${summary}: ${detail}`).join('; ')
  const outcome = outcomeOf(exitCode)
  const facts: readonly Fact[] = [
    {
      type: 'run.started',
      fleet: version,
      name,
      planId,
      startedBy: operator,
      waves: [],
      resumes: null,
      overrides,
    },
    ...diagnostics.map(({ code, severity, summary, detail, host }): Fact => {
      return { type: 'diagnostic', code, severity, summary, detail, host }
    }),
    { type: 'run.finished', outcome, exitCode, reason, changedHosts: [], counts: noCounts },
  ]
  return facts.map((fact, seq) => eventOf(fact, { seq, at: now, run }))
}

function outcomeOf(exitCode: number): RunFinished['outcome'] {
  if (exitCode === 130 || exitCode === 143) return 'interrupted'
  return exitCode === 5 || exitCode === 6 ? 'refused' : 'failed'
}
