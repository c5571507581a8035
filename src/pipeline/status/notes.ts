import { followsFrom } from '../../model/codes/codes.ts'
import type { Host } from '../../model/fleet/fleet.ts'
import type { Recorded } from '../../model/host/recorded.ts'
import type { AnsweredHost, StatusNote } from '../../model/host/status-schema.ts'
import type { Observation } from '../../model/host/system.ts'
import { isRebootPending } from '../compare/diff/boot.ts'
import { driftNotes } from '../plan/drift.ts'
import { hostnameNotes } from '../plan/notes/hostname.ts'

/** What is to be said of a host that answered: drift first. A reboot that is pending is none. */
export function statusOf(
  observation: Observation,
  host: Pick<Host, 'settings' | 'hostnameFrom'>,
  recorded: Recorded | null,
): Pick<AnsweredHost, 'drifted' | 'rebootPending' | 'notes'> {
  const rebootPending = isRebootPending(observation)
  const notes = [
    ...hostnameNote(observation, host, recorded),
    ...driftNotes(observation, { recorded, history: null, plannedRevision: null }),
    ...positionNotes(observation, recorded),
    ...(rebootPending === true ? [pendingNote] : []),
    ...(observation.activating ? [activatingNote] : []),
  ]
  const isDrift = ({ code }: StatusNote) => followsFrom(code).drift === 'drifted'
  const inOrder = [...notes.filter(isDrift), ...notes.filter((note) => !isDrift(note))]
  return { drifted: notes.some(isDrift), rebootPending, notes: inOrder }
}

/**
 * What the name that a host answers tells. Where fleet.yaml expects none, only its configuration says which is right, and that
 * is not evaluated here; a machine that a plan saw under the right name is known by its id.
 */
function hostnameNote(
  { hostname, machine }: Observation,
  { settings, hostnameFrom }: Pick<Host, 'settings' | 'hostnameFrom'>,
  recorded: Recorded | null,
): readonly StatusNote[] {
  if (hostnameFrom === 'fleet.yaml') return hostnameNotes({ settings, hostnameFrom }, { hostname })
  const isKnown = machine !== null && machine === recorded?.machine
  if (isKnown || hostname === settings.expectHostname) return []
  return [
    {
      code: 'status/hostname',
      severity: 'warning',
      summary: `hostname is "${hostname}", and no plan has seen this machine`,
      detail: 'Its configuration says which name is right: `fleet plan` compares them.',
    },
  ]
}

/** How what runs stands to what will boot, and to what the last run wanted. */
function positionNotes(
  { system, nextBoot, specialisation }: Observation,
  recorded: Recorded | null,
): readonly StatusNote[] {
  const last = recorded?.last ?? null
  const isSetForBoot = last !== null && last.mode === 'boot' && last.to !== null && nextBoot === last.to
  if (isSetForBoot && nextBoot !== system)
    return [
      {
        code: 'status/set-for-boot',
        severity: 'warning',
        summary: 'set for the next boot; reboot pending',
        detail: `Running ${system}, next boot ${nextBoot}, as run ${last.run} left it (mode: boot).`,
      },
    ]
  const halfWay: StatusNote = {
    code: 'plan/half-way',
    severity: 'warning',
    summary: 'runs another system than it would boot',
    detail: `Running ${system}, next boot ${nextBoot}. It was switched without setting the profile, the profile was set for the next boot only, or an activation was interrupted.`,
  }
  const isBehind = last?.to != null && recorded?.isBegun === true && system !== last.to && recorded.systems.has(system)
  const behind = (to: string): StatusNote => ({
    code: 'status/not-deployed',
    severity: 'warning',
    summary: 'does not run the system its last run was meant to deploy',
    detail: `Running ${system}; run ${last?.run} (${last?.ending}) was meant to deploy ${to}.`,
  })
  return [
    ...(nextBoot !== null && ![system, specialisation?.of].includes(nextBoot) && last?.mode !== 'test'
      ? [halfWay]
      : []),
    ...(isBehind ? [behind(last.to)] : []),
  ]
}

const pendingNote: StatusNote = {
  code: 'status/reboot-pending',
  severity: 'warning',
  summary: 'reboot pending',
  detail: 'The running system would boot another kernel, initrd, modules or parameters than were booted.',
}

const activatingNote: StatusNote = {
  code: 'status/activating',
  severity: 'info',
  summary: 'an activation is running on the host',
}
