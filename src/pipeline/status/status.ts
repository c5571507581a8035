import type { Fleet, Host } from '../../model/fleet/fleet.ts'
import { observationToJson } from '../../model/host/host-observation.ts'
import type { Recorded } from '../../model/host/recorded.ts'
import type { HostStatus, Status } from '../../model/host/status-schema.ts'
import type { Found, Observation } from '../../model/host/system.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Runs } from '../../ports/journal.ts'
import type { Remote } from '../../ports/remote.ts'
import { observeHosts } from '../observe/observe-hosts.ts'
import { statusOf } from './notes.ts'

/** The format that this version writes and reads; readers accept any minor of the same major. */
export const statusFormat = '1.0'

export interface StatusRequest {
  readonly fleet: Fleet
  /** Names of the hosts to ask. */
  readonly selected: ReadonlySet<string>
  /** List also the hosts that fleet.yaml disables. */
  readonly withDisabled: boolean
  /** Hosts asked at once. */
  readonly parallelism: number
  /** Version of fleet, and user@machine. */
  readonly version: string
  readonly operator: string
  readonly onHost: () => void
}

export interface StatusPorts {
  readonly remote: Remote
  readonly runs: Pick<Runs, 'recorded'>
  readonly clock: Clock
}

/** Asks the hosts what they run, and holds that against what they will boot and what the runs on record left there. */
export async function fleetStatus(request: StatusRequest, ports: StatusPorts, signal: AbortSignal): Promise<Status> {
  const { fleet, selected, withDisabled, parallelism, version, operator, onHost } = request
  const hosts = fleet.hosts.filter(({ name }) => selected.has(name))
  const observedAt = new Date(ports.clock.now()).toISOString()
  const observations = await observeHosts({ hosts, parallelism, detail: 'store', onHost }, ports.remote, signal)
  const recorded = await ports.runs.recorded()
  const waveOf = new Map(fleet.waves.flatMap((wave) => wave.hosts.map((host) => [host, wave.name] as const)))
  const entries = fleet.hosts.flatMap((host): readonly (readonly [string, HostStatus])[] => {
    const { name, enabled, settings } = host
    if (!enabled) return withDisabled ? [[name, { reach: 'disabled', note: settings.note }]] : []
    const observation = observations.get(name)
    if (observation === undefined) return []
    return [[name, hostStatus(host, waveOf.get(name) ?? null, observation, recorded.get(name) ?? null)]]
  })
  return {
    format: statusFormat,
    fleet: version,
    observedAt,
    observedBy: operator,
    name: fleet.name,
    waves: fleet.waves.map(({ name, hosts: members }) => ({ name, hosts: members })),
    hosts: Object.fromEntries(entries),
  }
}

function hostStatus(host: Host, wave: string | null, found: Found<Observation>, recorded: Recorded | null): HostStatus {
  const { settings } = host
  const lastRun = recorded?.last ?? null
  if (!found.ok) return { reach: 'unreachable', wave, note: settings.note, lastRun, failure: found.failure }
  const observation = observationToJson(found.value)
  return { reach: 'answered', wave, ...statusOf(found.value, host, recorded), lastRun, observation }
}
