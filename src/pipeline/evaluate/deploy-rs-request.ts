import type { Fleet, Host } from '../../model/fleet/fleet.ts'
import type { HostSettings, Source } from '../../model/plan/plan-schema.ts'
import { pureReference } from '../../model/nix/pure-reference.ts'
import type { Found } from '../../model/host/system.ts'
import type { DeployRsRequest, Nix } from '../../ports/nix.ts'

/** Flakes that hosts are wrapped with, as written, locked each once. */
export type Wraps = ReadonlyMap<string, Found<Source>>

/** Locks the deploy-rs flakes that fleet.yaml names for these hosts. */
export async function lockWraps(
  { directory }: Fleet,
  hosts: readonly Host[],
  nix: Pick<Nix, 'lock'>,
  signal: AbortSignal,
): Promise<Wraps> {
  const flakes = hosts.flatMap(({ settings: { engine, deployRs } }) =>
    engine === 'deploy-rs' && deployRs.flake !== null ? [deployRs.flake] : [],
  )
  return new Map(
    await Promise.all(
      [...new Set(flakes)].map(async (flake) => [flake, await nix.lock(flake, directory, signal)] as const),
    ),
  )
}

/** What is asked for deploy-rs; null: another engine activates the host. */
export function deployRsRequest(
  { engine, deployRs: { node, profile, flake } }: HostSettings,
  source: Source,
  wraps: Wraps,
): Found<DeployRsRequest | null> {
  if (engine !== 'deploy-rs') return { ok: true, value: null }
  const reference = pureReference(source)
  const locked = flake === null ? null : (wraps.get(flake) ?? null)
  if (locked !== null && !locked.ok) return locked
  return { ok: true, value: { node, profile, reference, wrap: locked === null ? null : pureReference(locked.value) } }
}
