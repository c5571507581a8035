import type { HostObservation } from './status-schema.ts'
import type { HostDetail, Observation } from './system.ts'

/** An observation as JSON. */
export function observationToJson(observation: Observation): HostObservation {
  const { hostKey = null, specialisation = null, detail } = observation
  const json = detail === null ? null : { ...detail, etcModes: Object.fromEntries(detail.etcModes) }
  return { ...plainOf({ ...observation, hostKey }), specialisation, detail: json }
}

/** The same read again; only what an observation has is taken. The JSON must be valid by its schema. */
export function observationFromJson(json: HostObservation): Observation {
  const detail = json.detail === null ? null : detailFromJson(json.detail)
  return { ...plainOf(json), specialisation: json.specialisation ?? null, mayActAsRoot: null, detail }
}

type Plain = Omit<HostObservation, 'detail' | 'specialisation'>

/** What is the same in both forms. */
function plainOf(either: Plain): Plain {
  return {
    system: either.system,
    profile: either.profile,
    nextBoot: either.nextBoot,
    booted: either.booted,
    generation: either.generation,
    profileAgeSeconds: either.profileAgeSeconds,
    uptimeSeconds: either.uptimeSeconds,
    failedUnits: either.failedUnits,
    systemState: either.systemState,
    hostname: either.hostname,
    platform: either.platform,
    machine: either.machine,
    hostKey: either.hostKey,
    bootId: either.bootId,
    release: either.release,
    revision: either.revision,
    kernelRelease: either.kernelRelease,
    bootLinks: either.bootLinks,
    freeBytes: either.freeBytes,
    activating: either.activating,
    selectedPackages: either.selectedPackages,
    ...(either.missingTools === undefined ? {} : { missingTools: either.missingTools }),
  }
}

function detailFromJson(json: NonNullable<HostObservation['detail']>): HostDetail {
  return {
    etc: json.etc,
    etcModes: new Map(Object.entries(json.etcModes)),
    unitLinks: json.unitLinks,
    ...(json.userUnitLinks === undefined ? {} : { userUnitLinks: json.userUnitLinks }),
    unitStates: json.unitStates,
    ...(json.idleUnits === undefined ? {} : { idleUnits: json.idleUnits }),
    ...(json.unitNeeds === undefined ? {} : { unitNeeds: json.unitNeeds }),
    links: json.links,
    systemd: json.systemd,
    softwarePath: json.softwarePath,
    inhibitors: json.inhibitors,
    ...(json.specialisations === undefined ? {} : { specialisations: json.specialisations }),
    initInterface: json.initInterface,
    nixVersion: json.nixVersion,
    selfUpdaters: json.selfUpdaters,
    deriver: json.deriver,
    usersFile: json.usersFile,
    firewallFile: json.firewallFile,
  }
}
