import { quote } from '../../model/text/quote.ts'
import type { PlanBody } from '../../model/plan/plan-schema.ts'
import type { RunState } from '../../model/run/run.ts'
import type { ApplyFlags, Common } from '../arguments/arguments.ts'

type Flags = Pick<Common, 'file' | 'stateDirectory'> &
  Pick<ApplyFlags, 'plan' | 'waves' | 'on' | 'overrides' | 'simulate'>

/**
 * What a person would type after a run, for a shell; null: nothing is left to do, or nothing was done (a simulation).
 * `ownPlan` is the file in which the run keeps its plan: where nobody saved it elsewhere, it alone says the same again.
 */
export function nextCommand(
  { finished, waves }: Pick<RunState, 'finished' | 'waves'>,
  flags: Flags,
  { rollback }: Pick<PlanBody, 'rollback'>,
  ownPlan: string | null,
): string | null {
  if (flags.simulate !== null) return null
  const again = (selected: readonly string[]) => apply(flags, flags.plan ?? ownPlan, selected)
  switch (finished?.outcome) {
    case 'failed':
    case 'refused':
      // A lock that somebody else held says nothing against the plan.
      if (finished.exitCode === 6) return again(flags.waves)
      return rollback == null
        ? words([...fleet(flags), 'plan'])
        : words([...fleet(flags), 'rollback', '--run', rollback.run, ...selectionOf(flags, flags.waves)])
    case 'paused': {
      // A wave that waits for a yes gets it by its name; one that has begun goes on as it was asked for.
      const waiting = waves.find(({ phase, startedAt }) => phase === 'paused' && startedAt === null)
      return again(waiting === undefined ? flags.waves : [waiting.name])
    }
    case 'interrupted':
      return again(flags.waves)
    case 'complete':
    case 'no-changes':
    case undefined:
      return null
  }
}

/** The same hosts within the same limits; what sets a safeguard aside was said for one run, and is not said again. */
function apply(flags: Flags, plan: string | null, waves: readonly string[]): string {
  const { maxParallel, maxFailures } = flags.overrides
  return words([
    ...fleet(flags),
    'apply',
    ...(plan === null ? [] : [plan]),
    ...selectionOf(flags, waves),
    ...(maxParallel === null ? [] : ['--max-parallel', String(maxParallel)]),
    ...(maxFailures === null ? [] : ['--max-failures', String(maxFailures)]),
  ])
}

function selectionOf({ on }: Flags, waves: readonly string[]): readonly string[] {
  return [...waves.flatMap((wave) => ['--wave', wave]), ...on.flatMap((selector) => ['--on', selector])]
}

function fleet({ file, stateDirectory }: Flags): readonly string[] {
  return [
    'fleet',
    ...(file === 'fleet.yaml' ? [] : ['--file', file]),
    ...(stateDirectory === null ? [] : ['--state-dir', stateDirectory]),
  ]
}

function words(all: readonly string[]): string {
  return all.map(quote).join(' ')
}
