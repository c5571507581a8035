import pLimit from 'p-limit'
import type { Fleet, Host } from '../model/fleet.ts'
import type { Source } from '../model/plan-schema.ts'
import type { Evaluation, Found } from '../model/system.ts'
import type { Nix } from '../ports/nix.ts'

export interface EvaluateRequest {
  readonly fleet: Fleet
  readonly hosts: readonly Host[]
  readonly source: Source
  /** Nix processes at once. */
  readonly parallelism: number
  readonly onHost: (host: string) => void
}

/** The system each host should run, or why it does not evaluate; one bad host takes no other down. */
export async function evaluateHosts(
  { fleet, hosts, source, parallelism, onHost }: EvaluateRequest,
  nix: Nix,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Found<Evaluation>>> {
  const limit = pLimit(parallelism)
  const found = await Promise.all(
    hosts.map(({ name, settings }) =>
      limit(async () => {
        const request = { flake: source.flake, set: fleet.attribute, attribute: settings.attribute }
        const evaluation = await nix.evaluate(request, signal)
        onHost(name)
        return [name, evaluation] as const
      }),
    ),
  )
  return new Map(found)
}
