import type { Host } from '../../../model/fleet/fleet.ts'
import type { Note } from '../../../model/plan/plan-schema.ts'
import type { Observation } from '../../../model/host/system.ts'

/** What is wrong with the name that a host answers, and what helps; `settings` are those of `expectingHostname`. */
export function hostnameNotes(
  { settings, hostnameFrom }: Pick<Host, 'settings' | 'hostnameFrom'>,
  { hostname }: Pick<Observation, 'hostname'>,
): readonly Note[] {
  const { expectHostname } = settings
  if (expectHostname === null || hostname === expectHostname) return []
  const helps =
    hostnameFrom === 'fleet.yaml'
      ? 'Check its address, or correct expectHostname.'
      : `Check its address. If the host is right and this change renames it, write \`expectHostname: ${hostname}\` for it until it has its new name.`
  return [
    {
      code: 'plan/hostname',
      severity: 'error',
      summary: `hostname is "${hostname}", expected "${expectHostname}"`,
      detail: `fleet will not activate anything on it. ${helps}`,
    },
  ]
}
