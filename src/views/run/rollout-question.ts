import type { PlanBody } from '../../model/plan/plan-schema.ts'
import type { SelectedWave } from '../../model/run/event-schema.ts'
import { someOf } from '../terminal/names.ts'

/** What is asked before a rollout: how many of the selected hosts change, and which. */
export function rolloutQuestion({ hosts }: Pick<PlanBody, 'hosts'>, selection: readonly SelectedWave[]): string {
  const selected = selection.flatMap((wave) => wave.hosts)
  const changing = selected.filter((name) => hosts[name]?.action === 'change')
  const noun = selected.length === 1 ? 'host' : 'hosts'
  const verb = changing.length === 1 ? 'changes' : 'change'
  return `Roll out this plan? ${changing.length} of ${selected.length} selected ${noun} ${verb}: ${someOf(changing, false)}.`
}
