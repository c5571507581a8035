import { isConverged } from '../../model/host/converged.ts'
import pLimit from 'p-limit'
import type { Host } from '../../model/fleet/fleet.ts'
import type { Evaluation, Found, Observation } from '../../model/host/system.ts'
import { type Comparison, type Difference, diff } from './compare.ts'

/** What was found out of each host by its name, on both sides. */
export interface Sides {
  readonly evaluations: ReadonlyMap<string, Found<Evaluation>>
  readonly observations: ReadonlyMap<string, Found<Observation>>
}

/** How the hosts that change differ, `parallelism` compared at once. */
export async function compareHosts(
  hosts: readonly Host[],
  { evaluations, observations }: Sides,
  parallelism: number,
  compare: (request: { host: Host; does: Observation; should: Evaluation }) => Promise<Comparison>,
): Promise<ReadonlyMap<string, Difference>> {
  const limit = pLimit(parallelism)
  const found = await Promise.all(
    hosts.map((host) =>
      limit(async () => {
        const [evaluation, observation] = [evaluations.get(host.name), observations.get(host.name)]
        if (evaluation?.ok !== true || observation?.ok !== true) return []
        const [should, does] = [evaluation.value, observation.value]
        if (isConverged(host.settings.mode, does, should)) return []
        // Only the difference is kept: both sides of a thousand hosts would be a gigabyte.
        const comparison = await compare({ host, does, should })
        return [[host.name, { diff: diff(comparison), problems: comparison.problems }] as const]
      }),
    ),
  )
  return new Map(found.flat())
}
