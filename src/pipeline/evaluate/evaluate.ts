import type { Fleet, Host } from '../../model/fleet/fleet.ts'
import type { Failure, Source } from '../../model/plan/plan-schema.ts'
import type { Evaluation, Found } from '../../model/host/system.ts'
import type { EvaluationRequest, Nix } from '../../ports/nix.ts'
import { deployRsRequest, lockWraps, type Wraps } from './deploy-rs-request.ts'
import { runPool } from './pool.ts'
import { remember } from './remember.ts'
import type { Open } from './time-left.ts'

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
  /** Told once what is to be evaluated, with what each took last time. */
  readonly onOpen?: (open: Open) => void
}

/**
 * The system each host should run, or why it does not evaluate; one bad host takes no other down. What an earlier plan
 * found out about the same source is not evaluated again.
 */
export async function evaluateHosts(
  { fleet, hosts, source, parallelism, onHost, onOpen }: EvaluateRequest,
  nix: Nix,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Found<Evaluation>>> {
  const wraps = await lockWraps(fleet, hosts, nix, signal)
  const [ready, broken] = requestsOf(fleet, hosts, source, wraps)
  const requests = new Map(ready)
  const past = await remember(requests, source, nix.pool, signal)
  // The order of the hosts, whatever the order in which they end.
  const found = new Map<string, Found<Evaluation> | null>(hosts.map(({ name }) => [name, null]))
  for (const [host, failure] of broken) {
    found.set(host, { ok: false, failure })
    onHost(host)
  }
  for (const [host, value] of past.known) {
    found.set(host, { ok: true, value })
    onHost(host)
  }
  const open = [...requests.keys()].filter((host) => !past.known.has(host))
  onOpen?.(new Map(open.map((host) => [host, past.costOf(host)])))
  await runPool<Evaluation>(
    {
      hosts: open,
      learned: past.costOf,
      slots: parallelism,
      cold: !past.fetched,
      evaluate(host, start) {
        const request = requests.get(host)
        if (request === undefined) throw new Error(`bug: not requested: ${host}`)
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

/** What is asked of each host, and why nothing can be asked of some. */
function requestsOf(
  { attribute: set }: Fleet,
  hosts: readonly Host[],
  source: Source,
  wraps: Wraps,
): [[string, EvaluationRequest][], [string, Failure][]] {
  const ready: [string, EvaluationRequest][] = []
  const broken: [string, Failure][] = []
  for (const { name, settings } of hosts) {
    const common = { flake: source.flake, set, attribute: settings.attribute, storePath: source.storePath, timeoutMs }
    const deployRs = deployRsRequest(settings, source, wraps)
    if (!deployRs.ok) broken.push([name, deployRs.failure])
    else ready.push([name, deployRs.value === null ? common : { ...common, deployRs: deployRs.value }])
  }
  return [ready, broken]
}
