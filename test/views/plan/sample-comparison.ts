import type { Note, Plan } from '../../../src/model/plan/plan-schema.ts'
import { changed, samplePlan, storePath } from '../../rig/samples/plan.ts'
import { everyDifference } from './sample-plans.ts'

/** Two systems of one host that were compared, in which every kind of thing differs. */
export function comparison(): Plan {
  const from = { name: 'web-1@41', is: 'generation 41', system: storePath('a', 'nixos-system-web-1-25.05') }
  const is = 'revision f811523 of 2026-11-22, with uncommitted changes'
  const to = { name: '#web-1', is, system: storePath('b', 'nixos-system-web-1-25.05') }
  const notes: readonly Note[] = [
    {
      code: 'diff/units-of-boot',
      severity: 'info',
      summary: 'units: as where the first system has just booted',
      detail: 'The first system does not run, so which of its units would run is taken from what a boot starts.',
    },
  ]
  return samplePlan({ 'web-1': changed('web-1', everyDifference) }, [], { comparison: { from, to }, notes })
}
