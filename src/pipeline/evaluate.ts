import type { Fleet, Host } from '../model/fleet.ts'
import type { Source } from '../model/plan-schema.ts'
import type { Evaluation, Found } from '../model/system.ts'
import type { EvaluationRequest, Nix } from '../ports/nix.ts'
import { runPool } from './evaluate/pool.ts'
import { remember } from './evaluate/remember.ts'

/** Far above what any host is known to take, fetching included: what takes longer hangs. */
const timeoutMs = 30 * 60_000

export interface EvaluateRequest {
  readonly fleet: Fleet
  readonly hosts: readonly Host[]
  readonly source: Source
  /** Nix processes at once, where memory allows. */
  readonly parallelism: number
  /** Told of each host as soon as it is done. */
  readonly onHost: (host: string) => void
}

/**
 * The system each host should run, or why it does not evaluate; one bad host takes no other down. What an earlier plan
 * found out about the same source is not evaluated again.
 */
export async function evaluateHosts(
  { fleet, hosts, source, parallelism, onHost }: EvaluateRequest,
  nix: Nix,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Found<Evaluation>>> {
  const requests = new Map(hosts.map((host) => [host.name, requestOf(fleet, host, source)] as const))
  const past = await remember(requests, source, nix.pool, signal)
  // The order of the hosts, whatever the order in which they end.
  const found = new Map<string, Found<Evaluation> | null>(hosts.map(({ name }) => [name, null]))
  for (const [host, value] of past.known) {
    found.set(host, { ok: true, value })
    onHost(host)
  }
  await runPool<Evaluation>(
    {
      hosts: [...requests.keys()].filter((host) => !past.known.has(host)),
      learned: past.costOf,
      slots: parallelism,
      cold: !past.fetched,
      evaluate(host, start) {
        const request = requests.get(host)
        if (request === undefined) throw new Error(`bug: nobody asked for ${host}`)
        return nix.evaluate({ ...request, ...start }, signal)
      },
      onEnd(host, evaluation, cost) {
        found.set(host, evaluation)
        if (evaluation.ok) past.keep(host, evaluation.value)
        // What a host broke off at says nothing of what it takes, unless it broke off because it took too much.
        const isWhole = evaluation.ok || evaluation.failure.code === 'evaluate/out-of-memory'
        if (isWhole && cost !== null) past.learn(host, cost)
        onHost(host)
      },
    },
    nix.pool?.memory ?? null,
  )
  await past.close()
  return new Map([...found].flatMap(([host, one]) => (one === null ? [] : [[host, one] as const])))
}

function requestOf({ attribute: set }: Fleet, { settings }: Host, source: Source): EvaluationRequest {
  return { flake: source.flake, set, attribute: settings.attribute, storePath: source.storePath, timeoutMs }
}
