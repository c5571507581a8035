import pLimit from 'p-limit'
import type { Host } from '../../model/fleet/fleet.ts'
import type { Found, Observation } from '../../model/host/system.ts'
import type { Remote } from '../../ports/remote.ts'
import { observe } from './observe.ts'

export interface ObserveHostsRequest {
  readonly hosts: readonly Host[]
  /** Hosts asked at once. */
  readonly parallelism: number
  readonly detail: 'contents' | 'store'
  /** Told of each host as soon as it is done. */
  readonly onHost: () => void
}

/** What each host runs, or why it did not say; one session a host. */
export async function observeHosts(
  { hosts, parallelism, detail, onHost }: ObserveHostsRequest,
  remote: Remote,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Found<Observation>>> {
  const limit = pLimit(parallelism)
  const found = await Promise.all(
    hosts.map(({ name, settings }) =>
      limit(async () => {
        // A plan says who may not act as root: whoever only looks need not ask.
        const withRoot = detail === 'contents'
        const observation = await observe({ name, settings, withRoot, detail }, remote, signal)
        onHost()
        return [name, observation] as const
      }),
    ),
  )
  return new Map(found)
}
