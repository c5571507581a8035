import { join } from 'node:path'

/** Where things are inside a lab's directory. */
export interface Layout {
  readonly directory: string
  /** Facts of the running lab, written when all hosts are up. */
  readonly record: string
  readonly log: string
  readonly flake: string
  readonly fleetYaml: string
  readonly ssh: string
  readonly clientKey: string
  readonly knownHosts: string
  readonly sshConfig: string
  readonly host: (name: string) => string
  readonly faults: (name: string) => string
}

/** The layout of the lab in a directory. */
export function layoutOf(directory: string): Layout {
  const ssh = join(directory, 'ssh')
  const host = (name: string): string => join(directory, 'hosts', name)
  return {
    directory,
    record: join(directory, 'lab.json'),
    log: join(directory, 'supervisor.log'),
    flake: join(directory, 'flake'),
    fleetYaml: join(directory, 'fleet.yaml'),
    ssh,
    clientKey: join(ssh, 'id_ed25519'),
    knownHosts: join(ssh, 'known_hosts'),
    sshConfig: join(ssh, 'config'),
    host,
    faults: (name) => join(host(name), 'faults'),
  }
}
