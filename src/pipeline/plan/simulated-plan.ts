import type { Fleet } from '../../model/fleet/fleet.ts'
import type { Diff, HostPlan, Plan, Source } from '../../model/plan/plan-schema.ts'
import { excludedHost } from './plan-host.ts'
import { makePlan } from './sign.ts'

/** Who makes a simulated plan, and when (RFC 3339). */
export interface SimulatedPlanRequest {
  readonly fleet: Fleet
  readonly selected: ReadonlySet<string>
  readonly version: string
  readonly operator: string
  readonly createdAt: string
}

/** A plan in which every selected host changes from something to something else: for trying a rollout's rules without any host or Nix. */
export function simulatedPlan({ fleet, selected, version, operator, createdAt }: SimulatedPlanRequest): Plan {
  const waveOf = new Map(fleet.waves.flatMap(({ name, hosts }) => hosts.map((host) => [host, name] as const)))
  const hosts = fleet.hosts
    .filter(({ enabled }) => enabled)
    .map((host): [string, HostPlan] => {
      const wave = waveOf.get(host.name)
      if (wave === undefined) throw new Error(`bug: enabled host ${host.name} is in no wave`)
      if (!selected.has(host.name)) return [host.name, excludedHost(host, wave, 'not selected')]
      const [before, after] = [simulatedPath(host.name, 'before'), simulatedPath(host.name, 'after')]
      const platform = 'x86_64-linux'
      const from = {
        system: before,
        profile: before,
        nextBoot: before,
        booted: before,
        generation: 1,
        failedUnits: [],
        hostname: host.settings.expectHostname ?? host.name,
        platform,
        machine: null,
        release: null,
        revision: null,
      }
      const to = { drv: `${after}.drv`, system: after, profileDrv: null, profile: after, platform, release: null }
      const common = { wave, settings: host.settings, notes: [] }
      return [host.name, { action: 'change', ...common, from, to, diff: nothingKnown }]
    })
  return makePlan({
    fleet,
    source: simulatedSource(fleet.flake),
    base: null,
    hosts: Object.fromEntries(hosts),
    notes: [],
    version,
    createdAt,
    createdBy: operator,
  })
}

/** A plan that reboots every selected host, as if each of them needed it. */
export function simulatedReboots(request: SimulatedPlanRequest): Plan {
  const { fleet, version, operator: createdBy, createdAt } = request
  const hosts = Object.entries(simulatedPlan(request).body.hosts).map(([name, host]): [string, HostPlan] => {
    if (host.action !== 'change') return [name, host]
    const reboot = { needed: true, because: ['simulated'], state: 'pending' } as const
    const to = { ...host.to, drv: null, system: host.from.system, profile: host.from.system }
    return [name, { ...host, to, diff: { ...nothingKnown, reboot }, rebootFrom: `${name}-1` }]
  })
  const waves = fleet.waves.map((wave) => ({ ...wave, maxParallel: 1, rollback: 'none' as const }))
  const source = simulatedSource(fleet.flake)
  const made = { fleet: { ...fleet, waves }, source, base: null, reboot: { which: 'all' } as const, notes: [] }
  return makePlan({ ...made, hosts: Object.fromEntries(hosts), version, createdAt, createdBy })
}

/** A path that no store has. */
function simulatedPath(host: string, when: 'before' | 'after'): string {
  return `/nix/store/${(when === 'before' ? '0' : '1').repeat(32)}-nixos-system-${host}-simulated`
}

function simulatedSource(flake: string): Source {
  return { original: flake, flake, rev: null, narHash: null, dirty: false, lastModified: null, storePath: null }
}

const nothingKnown: Diff = {
  exact: false,
  packages: null,
  sizeDelta: null,
  download: null,
  reboot: { needed: null, because: [] },
  units: null,
  etc: null,
}
