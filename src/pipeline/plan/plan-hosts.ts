import type { Fleet } from '../../model/fleet/fleet.ts'
import type { HostPlan, Note } from '../../model/plan/plan-schema.ts'
import type { Difference } from '../compare/compare.ts'
import { planHost, excludedHost } from './plan-host.ts'
import type { FleetSides } from '../compare/sides.ts'

/** All that was found out, by host. */
export interface FleetFindings extends FleetSides {
  readonly differences: ReadonlyMap<string, Difference>
  readonly drift: ReadonlyMap<string, readonly Note[]>
  /** Warnings of evaluation that not all hosts share. */
  readonly warnings: ReadonlyMap<string, readonly string[]>
}

/** What the plan does about every enabled host; those that are not selected are excluded. */
export function planHosts(
  fleet: Fleet,
  selected: ReadonlySet<string>,
  { evaluations, observations, differences, drift, warnings }: FleetFindings,
): Readonly<Record<string, HostPlan>> {
  const waveOf = new Map(fleet.waves.flatMap((wave) => wave.hosts.map((host) => [host, wave.name] as const)))
  const entries = fleet.hosts
    .filter(({ enabled }) => enabled)
    .map((host) => {
      const wave = waveOf.get(host.name)
      if (wave === undefined) throw new Error(`bug: enabled host ${host.name} is in no wave`)
      const [evaluation, observation] = [evaluations.get(host.name), observations.get(host.name)]
      const difference = differences.get(host.name) ?? null
      return selected.has(host.name) && evaluation !== undefined && observation !== undefined
        ? ([
            host.name,
            planHost(host, wave, {
              evaluation,
              observation,
              difference,
              drift: drift.get(host.name) ?? [],
              warnings: warnings.get(host.name) ?? [],
            }),
          ] as const)
        : ([host.name, excludedHost(host, wave, 'not selected')] as const)
    })
  return Object.fromEntries(entries)
}
