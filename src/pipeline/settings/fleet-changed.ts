import { type Diagnostic, diagnostic } from '../../model/diagnostic.ts'
import type { Fleet } from '../../model/fleet/fleet.ts'
import type { PlanBody } from '../../model/plan/plan-schema.ts'

/**
 * How fleet.yaml differs from what a saved plan froze: hosts that came or went, and addresses. The plan is what is rolled
 * out; whoever changed fleet.yaml since should know that.
 */
export function fleetChanged({ hosts }: Fleet, body: PlanBody): readonly Diagnostic[] {
  const current = new Map(hosts.filter(({ enabled }) => enabled).map((host) => [host.name, host.settings.address]))
  const found: Diagnostic[] = []
  const say = (detail: string, host: string) =>
    found.push(
      diagnostic('apply/fleet-changed', 'fleet.yaml changed since the plan', detail, { severity: 'warning', host }),
    )
  for (const [name, { settings }] of Object.entries(body.hosts)) {
    const address = current.get(name)
    if (address === undefined)
      say(`${name} is in the plan and no longer in fleet.yaml. The plan is what is rolled out.`, name)
    else if (address.join(' ') !== settings.address.join(' '))
      say(
        `${name} has address ${address.join(', ')} in fleet.yaml; the plan has ${settings.address.join(', ')}, and that is used.`,
        name,
      )
  }
  for (const name of current.keys())
    if (body.hosts[name] === undefined)
      say(`${name} is in fleet.yaml and not in the plan. It is left alone; plan again to include it.`, name)
  return found
}
