import pLimit from 'p-limit'
import type { Host } from '../model/fleet.ts'
import type { Found, Observation } from '../model/system.ts'
import type { Remote } from '../ports/remote.ts'
import { observe } from './observe.ts'

/** What each host runs, or why it did not say; one session a host, `parallelism` at once. */
export async function observeHosts(
  hosts: readonly Host[],
  parallelism: number,
  remote: Remote,
  onHost: () => void,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Found<Observation>>> {
  const limit = pLimit(parallelism)
  const found = await Promise.all(
    hosts.map(({ name, settings }) =>
      limit(async () => {
        const observation = await observe({ name, settings, withRoot: false, withDetail: true }, remote, signal)
        onHost()
        return [name, observation] as const
      }),
    ),
  )
  return new Map(found)
}
