import type { PlanBody } from '../../model/plan/plan-schema.ts'
import type { Overrides, SelectedWave } from '../../model/run/event-schema.ts'
import { someOf } from '../terminal/names.ts'

/** What is asked before a rollout: how many of the selected hosts change, and which; or that they are only prepared. */
export function rolloutQuestion(
  { hosts }: Pick<PlanBody, 'hosts'>,
  selection: readonly SelectedWave[],
  { until, reactivate }: Overrides,
): string {
  const selected = selection.flatMap((wave) => wave.hosts)
  const changing = selected.filter((name) => hosts[name]?.action === 'change' || reactivate.includes(name))
  const noun = selected.length === 1 ? 'host' : 'hosts'
  const verb = changing.length === 1 ? 'changes' : 'change'
  const what = until === null ? 'Roll out this plan?' : 'Build and copy this plan, and activate nothing?'
  return `${what} ${changing.length} of ${selected.length} selected ${noun} ${verb}: ${someOf(changing, false)}.`
}
