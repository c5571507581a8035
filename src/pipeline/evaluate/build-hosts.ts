import type { Evaluation, Found } from '../../model/host/system.ts'
import type { Nix } from '../../ports/nix.ts'

export interface BuildHostsRequest {
  readonly evaluations: ReadonlyMap<string, Found<Evaluation>>
  /** Where a host's garbage-collector root is put, an absolute path. */
  readonly rootOf: (host: string) => string
  readonly onLine: (host: string, line: string) => void
}

/**
 * Builds what evaluated, one host after another: Nix itself builds in parallel. A host that does not build is one that
 * cannot be planned, and keeps no other from being built.
 */
export async function buildHosts(
  { evaluations, rootOf, onLine }: BuildHostsRequest,
  nix: Nix,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Found<Evaluation>>> {
  const built = new Map<string, Found<Evaluation>>()
  for (const [host, found] of evaluations) {
    if (!found.ok) {
      built.set(host, found)
      continue
    }
    const { drv, system: output } = found.value
    const done = await nix.realise({ drv, output, root: rootOf(host), onLine: (line) => onLine(host, line) }, signal)
    built.set(host, done.ok ? found : done)
  }
  return built
}
