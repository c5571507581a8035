import { isRebootOnly } from '../../model/host/converged.ts'
import type { PlanBody } from '../../model/plan/plan-schema.ts'
import type { Overrides, SelectedWave } from '../../model/run/event-schema.ts'
import { someOf } from '../terminal/names.ts'

/** What is asked before a rollout: how many of the selected hosts change, and which; or that they only reboot, or are only prepared. */
export function rolloutQuestion(
  { hosts }: Pick<PlanBody, 'hosts'>,
  selection: readonly SelectedWave[],
  { until, reactivate }: Overrides,
): string {
  const selected = selection.flatMap((wave) => wave.hosts)
  const changing = selected.filter((name) => hosts[name]?.action === 'change' || reactivate.includes(name))
  const noun = selected.length === 1 ? 'host' : 'hosts'
  const onlyReboot = changing.every((name) => {
    const host = hosts[name]
    return host?.action === 'change' && isRebootOnly(host)
  })
  const verb = onlyReboot && changing.length > 0 ? 'reboot' : 'change'
  const what = until === null ? 'Roll out this plan?' : 'Build and copy this plan, and activate nothing?'
  return `${what} ${changing.length} of ${selected.length} selected ${noun} ${changing.length === 1 ? `${verb}s` : verb}: ${someOf(changing, false)}.`
}
