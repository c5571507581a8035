/** What the flake knows of one host; its keys are those of flake/hosts.json, all but `services` optional. */
export interface HostDescription {
  readonly services: readonly string[]
  /** `systemd`: a container with a real systemd, see systemd/; `played` (default): scripts in the place of systemd. */
  readonly init?: 'played' | 'systemd'
  readonly install?: readonly string[]
  readonly packages?: Readonly<Record<string, string>>
  readonly environment?: Readonly<Record<string, Readonly<Record<string, string>>>>
  readonly settings?: Readonly<Record<string, string>>
  readonly tcpPorts?: readonly number[]
  readonly udpPorts?: readonly number[]
  readonly kernelParams?: readonly string[]
  readonly warnings?: readonly string[]
  readonly users?: Readonly<Record<string, unknown>>
  readonly etc?: Readonly<Record<string, string>>
  readonly inhibitors?: Readonly<Record<string, string>>
  readonly kernel?: string
  readonly nixos?: string
  readonly hostName?: string
  readonly motd?: string
  readonly configurationRevision?: string
  /** Users who linger. This and what follows up to `userUnits` are for hosts with a real systemd only. */
  readonly linger?: readonly string[]
  /** Lines of /etc/fstab: device, place, type, options, and two numbers. */
  readonly fstab?: readonly (readonly string[])[]
  /** Lines of /etc/systemd/system.conf, below those that it has. */
  readonly systemConf?: string
  /** Port of sshd, which is 22 where it is not set. */
  readonly sshPort?: number
  /** Units in the words of the flake's nix/units.nix, over those that the host has. */
  readonly units?: Readonly<Record<string, UnitDescription>>
  readonly userUnits?: Readonly<Record<string, UnitDescription>>
  /** `sshd`: its activation stops sshd; `unit`: brings a unit that fails; the others fail at the step they name. */
  readonly broken?: Broken | null
}

/** A unit: `description`, `wantedBy`, `service` (keys of that section) … */
export type UnitDescription = Readonly<Record<string, unknown>>

/** The ways in which a host's configuration can be broken. */
export type Broken = (typeof brokenWays)[number]

/** See {@link Broken}. */
export const brokenWays = ['evaluation', 'build', 'activation', 'unit', 'sshd'] as const

/** The six hosts of the home lab, in the order of their addresses. */
export const homeLab: Readonly<Record<string, HostDescription>> = {
  'limiting-factor': { services: ['nfs-server', 'tailscaled'], install: ['htop'] },
  'sleeper-service': { services: ['nfs-server', 'transmission', 'zfs-mount', 'tailscaled'], install: ['htop'] },
  'grey-area': {
    services: ['forgejo', 'jellyfin', 'ollama', 'nextcloud', 'open-webui', 'tailscaled'],
    install: ['git', 'htop'],
  },
  'reverse-proxy': { services: ['nginx', 'fail2ban', 'tailscaled'], tcpPorts: [2222] },
  'little-rascal': { services: ['tailscaled', 'display-manager'], install: ['git', 'vim'] },
  'congenital-optimist': {
    services: ['ollama', 'zfs-mount', 'tailscaled', 'display-manager'],
    install: ['git', 'vim', 'emacs', 'jq'],
  },
}

/** N small hosts: host-001, host-002, … */
export function generatedHosts(count: number): Record<string, HostDescription> {
  const hosts: Record<string, HostDescription> = {}
  for (let number = 1; number <= count; number++)
    hosts[`host-${String(number).padStart(3, '0')}`] = { services: ['nginx'] }
  return hosts
}

/** The same hosts, each with a real systemd. */
export function withSystemd(hosts: Readonly<Record<string, HostDescription>>): Record<string, HostDescription> {
  return Object.fromEntries(Object.entries(hosts).map(([name, host]) => [name, { ...host, init: 'systemd' as const }]))
}
