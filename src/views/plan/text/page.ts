import type { Plan } from '../../../model/plan/plan-schema.ts'
import type { Paint } from '../../terminal/paint.ts'
import type { ChangeGroup } from '../groups.ts'

/** What every line of one plan is written with. */
export interface Page {
  readonly plan: Plan
  readonly width: number
  readonly verbose: boolean
  readonly paint: Paint
  readonly groups: readonly ChangeGroup[]
}
