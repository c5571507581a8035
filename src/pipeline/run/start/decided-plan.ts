import type { Diff, HostPlan, Plan } from '../../../model/plan/plan-schema.ts'
import type { Overrides } from '../../../model/run/event-schema.ts'

/** A plan as one run carries it out: with the mode and the hosts that the command line names. Its id stays the plan's. */
export function decidedPlan(plan: Plan, { mode, reactivate }: Overrides): Plan {
  if (mode === null && reactivate.length === 0) return plan
  const hosts = Object.entries(plan.body.hosts).map(([name, planned]): [string, HostPlan] => {
    const decided = mode === null ? planned : { ...planned, settings: { ...planned.settings, mode } }
    return [name, reactivate.includes(name) ? activated(decided) : decided]
  })
  return { ...plan, body: { ...plan.body, hosts: Object.fromEntries(hosts) } }
}

function activated(planned: HostPlan): HostPlan {
  return planned.action === 'none' ? { ...planned, action: 'change', diff: nothingDiffers } : planned
}

/** A host that runs its planned system differs from it in nothing. */
const nothingDiffers: Diff = {
  exact: true,
  packages: [],
  sizeDelta: 0,
  download: 0,
  reboot: { needed: false, because: [], state: 'none' },
  units: null,
  etc: [],
}
