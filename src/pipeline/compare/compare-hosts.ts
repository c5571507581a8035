import { isConverged } from '../../model/host/converged.ts'
import pLimit from 'p-limit'
import type { Host } from '../../model/fleet/fleet.ts'
import { compare, type Difference } from './compare.ts'
import type { GatherRequest } from './gather/gather-host.ts'
import type { FleetSides, HostSides } from './sides.ts'

/** How the hosts that change differ: both sides of a host are gathered, `parallelism` hosts at a time, and compared. */
export async function compareHosts(
  hosts: readonly Host[],
  { evaluations, observations }: FleetSides,
  parallelism: number,
  gather: (request: GatherRequest) => Promise<HostSides>,
): Promise<ReadonlyMap<string, Difference>> {
  const limit = pLimit(parallelism)
  const found = await Promise.all(
    hosts.map((host) =>
      limit(async () => {
        const [evaluation, observation] = [evaluations.get(host.name), observations.get(host.name)]
        if (evaluation?.ok !== true || observation?.ok !== true) return []
        if (isConverged(host.settings.mode, observation.value, evaluation.value)) return []
        // Only the difference is kept: both sides of a thousand hosts would be a gigabyte.
        const sides = await gather({ host, observation: observation.value, evaluation: evaluation.value })
        return [[host.name, { diff: compare(sides), problems: sides.problems }] as const]
      }),
    ),
  )
  return new Map(found.flat())
}
