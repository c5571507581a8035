import type { Evaluation } from '../host/system.ts'
import type { HostSettings } from '../plan/plan-schema.ts'
import type { Host } from './fleet.ts'

/**
 * A host's settings with the name that `hostname` must answer: what fleet.yaml expects, else the configuration's own
 * networking.hostName, else the host's name.
 */
export function expectingHostname(
  { settings, hostnameFrom }: Pick<Host, 'settings' | 'hostnameFrom'>,
  { hostname = null }: Pick<Evaluation, 'hostname'>,
): HostSettings {
  return hostnameFrom === 'fleet.yaml' || hostname === null ? settings : answeringTo(settings, hostname)
}

/** The settings with another expected name. It makes no host the machine that fleet runs on: many are called `nixos`. */
export function answeringTo(settings: HostSettings, hostname: string): HostSettings {
  return hostname === settings.expectHostname ? settings : { ...settings, expectHostname: hostname, local: 'never' }
}
