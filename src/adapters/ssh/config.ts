import { homedir } from 'node:os'
import { isAbsolute, join, resolve } from 'node:path'
import type { Address } from '../../ports/remote.ts'

/** The operator's own files, which ssh reads after ours. */
export function operatorFiles(): readonly string[] {
  return [join(homedir(), '.ssh/config'), '/etc/ssh/ssh_config']
}

/** What the operator's own files say of an address, as ssh_config lines; null: ssh reads those files itself. */
export type Inherited = ReadonlyMap<string, readonly string[]> | null

/**
 * The ssh_config for one host: what fleet insists on, then what fleet.yaml says of this host, then the operator's own
 * files (ssh takes the first value it meets). A jump host on the way reads the same file, so login and key are bound to
 * the host's own addresses. `knownHosts` is written beside it when the host key is pinned.
 *
 * ssh collects `IdentityFile` from everywhere and tries each, and a host may ban after a few refusals. Where fleet.yaml
 * names the key, the operator's files are therefore not read for this host: `inherited` holds what else they say.
 */
export function sshConfig(host: Address, directory: string, knownHosts: string | null, inherited: Inherited): string {
  const own = ownLines(host, directory, knownHosts)
  const addresses = host.settings.address
  return [
    'Host *',
    ...indent(insisted(host)),
    ...(own.length === 0 ? [] : [`Host ${addresses.join(' ')}`, ...indent(own)]),
    ...[...(inherited ?? [])].flatMap(([address, lines]) => [`Host ${address}`, ...indent(lines)]),
    inherited === null ? 'Match all' : `Host * ${addresses.map((address) => `!${address}`).join(' ')}`,
    ...indent(operatorFiles().map((file) => `Include ${word(file)}`)),
    '',
  ].join('\n')
}

function indent(lines: readonly string[]): readonly string[] {
  return lines.map((line) => `  ${line}`)
}

const inheritable = new Set(
  `hostname user port proxyjump proxycommand userknownhostsfile globalknownhostsfile hostkeyalias identityagent
  addressfamily bindaddress bindinterface ciphers macs kexalgorithms hostkeyalgorithms pubkeyacceptedalgorithms
  checkhostip updatehostkeys verifyhostkeydns`.split(/\s+/),
)

/** The lines of `ssh -G` that the operator's files may decide for a host whose key fleet.yaml names. */
export function inheritedLines(resolved: string): readonly string[] {
  return resolved.split('\n').filter((line) => inheritable.has(line.split(' ', 1)[0] ?? '') && line.includes(' '))
}

function insisted({ settings: { ssh } }: Address): readonly string[] {
  return [
    'BatchMode yes',
    'NumberOfPasswordPrompts 0',
    // Never ask, never accept by itself: an unknown key is an error, whatever the operator's own files say.
    'StrictHostKeyChecking yes',
    'NoHostAuthenticationForLocalhost no',
    // A connection must be a new one: a shared one would pass a test that a broken firewall should fail.
    'ControlMaster no',
    'ControlPath none',
    'ConnectionAttempts 1',
    `ConnectTimeout ${Math.max(1, Math.ceil(ssh.connectTimeoutMs / 1000))}`,
    'ServerAliveInterval 5',
    'ServerAliveCountMax 3',
    'PermitLocalCommand no',
    'ForwardAgent no',
    'ClearAllForwardings yes',
    'RequestTTY no',
    // An operator who lands in tmux by ssh_config would otherwise get no session for fleet's command.
    'RemoteCommand none',
    'LogLevel ERROR',
  ]
}

function ownLines(host: Address, directory: string, knownHosts: string | null): readonly string[] {
  const { ssh } = host.settings
  const lines: string[] = []
  if (ssh.user !== null) lines.push(`User ${word(ssh.user)}`)
  if (ssh.port !== null) lines.push(`Port ${ssh.port}`)
  if (ssh.identityFile !== null)
    lines.push(`IdentityFile ${word(localPath(ssh.identityFile, directory))}`, 'IdentitiesOnly yes')
  if (knownHosts !== null)
    lines.push(`HostKeyAlias ${host.name}`, `UserKnownHostsFile ${word(knownHosts)}`, 'GlobalKnownHostsFile none')
  for (const [name, value] of Object.entries(ssh.options)) lines.push(`${name} ${optionValue(name, value, directory)}`)
  return lines
}

/** A path of fleet.yaml on this machine: `~/` is the operator's home, a relative one starts at `directory`. */
function localPath(path: string, directory: string): string {
  if (path.startsWith('~/')) return join(homedir(), path.slice(2))
  return isAbsolute(path) ? path : resolve(directory, path)
}

const fileOptions = new Set(['userknownhostsfile', 'globalknownhostsfile', 'certificatefile', 'identityagent'])

function optionValue(name: string, value: string, directory: string): string {
  const isPath = fileOptions.has(name.toLowerCase()) && value !== 'none' && !/\s|%|\$/.test(value)
  return isPath ? word(localPath(value, directory)) : value
}

/** ssh_config quotes with double quotes and has no escape for one inside; `load` refuses such values. */
function word(value: string): string {
  return /[\s#]/.test(value) ? `"${value}"` : value
}
