import { existsSync } from 'node:fs'
import { ask } from '../run.ts'

/** What Nix on the operator's machine needs to build as root: nothing where it has build users or a daemon, else to do without build users. */
export async function operatorEnvironment(): Promise<Readonly<Record<string, string>>> {
  const hasBuildUsers = (await ask('getent', ['group', 'nixbld'])).code === 0
  if (hasBuildUsers || existsSync('/nix/var/nix/daemon-socket/socket')) return {}
  const inherited = process.env['NIX_CONFIG']
  const setting = 'build-users-group ='
  if (inherited?.includes(setting) === true) return {}
  return { NIX_CONFIG: inherited === undefined ? setting : `${inherited}\n${setting}` }
}
