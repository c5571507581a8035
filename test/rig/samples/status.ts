import type { AnsweredHost, HostObservation, HostStatus, Status } from '../../../src/model/host/status-schema.ts'
import { storePath } from './plan.ts'

const none = { kernel: null, initrd: null, kernelModules: null, kernelParams: null }

/** What a host says that is like any other. */
export function sampleObservation(more: Partial<HostObservation> = {}): HostObservation {
  const system = storePath('a', 'nixos-system-x-25.05')
  return {
    system,
    profile: system,
    nextBoot: system,
    booted: system,
    generation: 7,
    profileAgeSeconds: 3600,
    uptimeSeconds: 3 * 86_400,
    failedUnits: [],
    systemState: 'running',
    hostname: 'x',
    platform: 'x86_64-linux',
    machine: 'f'.repeat(64),
    hostKey: null,
    bootId: null,
    release: '25.05.20251101.a1b2c3d',
    revision: null,
    kernelRelease: '6.12.58',
    bootLinks: none,
    freeBytes: { nix: 12 * 1024 ** 3, boot: 300 * 1024 ** 2 },
    activating: false,
    selectedPackages: null,
    detail: null,
    ...more,
  }
}

/** A host that answered and is well. */
export function answered(observation: Partial<HostObservation> = {}, more: Partial<AnsweredHost> = {}): AnsweredHost {
  const lastRun = {
    run: '20251129T210200Z-1a2b',
    at: '2025-11-29T21:02:30.000Z',
    ending: 'succeeded',
    to: storePath('a', 'nixos-system-x-25.05'),
    mode: 'switch',
  } as const
  const well = { wave: 'all', drifted: false, rebootPending: false, notes: [], lastRun }
  return { reach: 'answered', ...well, observation: sampleObservation(observation), ...more }
}

/** A status of those waves and hosts. */
export function sampleStatus(
  waves: readonly (readonly [string, readonly string[]])[],
  hosts: Readonly<Record<string, HostStatus>>,
): Status {
  return {
    format: '1.0',
    fleet: '0.1.0',
    observedAt: '2025-11-30T10:00:00.000Z',
    observedBy: 'sma@desk',
    name: 'home-lab',
    waves: waves.map(([name, members]) => ({ name, hosts: members })),
    hosts,
  }
}
