import type { Place } from './hosts/keys.ts'
import type { Layout } from './hosts/layout.ts'
import { playedSshPort } from './hosts/network.ts'

/** A fleet.yaml for a lab's hosts, ending with `hosts:`' last line so that a test can add its own groups, checks and waves. */
export function fleetYaml(layout: Layout, places: readonly Place[]): string {
  return `version: 1
name: lab
flake: ${JSON.stringify(`git+file://${layout.flake}`)}

defaults:
  engine: nix
  local: never
  ssh:
    user: sma
    port: ${playedSshPort}
    # A lab's host answers late where the machine is busy, and never because the network is slow.
    connectTimeout: 60s
    identityFile: ${JSON.stringify(layout.clientKey)}
    options:
      UserKnownHostsFile: ${JSON.stringify(layout.knownHosts)}
      GlobalKnownHostsFile: /dev/null
      IdentityAgent: none

hosts:
${places.map(hostLine).join('')}`
}

function hostLine({ name, address, port }: Place): string {
  return port === playedSshPort
    ? `  ${name}: { address: ${address} }\n`
    : `  ${name}: { address: ${address}, ssh: { port: ${port} } }\n`
}
