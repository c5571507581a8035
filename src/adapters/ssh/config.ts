import { homedir } from 'node:os'
import { isAbsolute, join, resolve } from 'node:path'
import { isDecided } from '../../model/fleet/node-ssh-options.ts'
import type { HostSettings } from '../../model/plan/plan-schema.ts'
import type { Address } from '../../ports/remote.ts'

/** The operator's own files, which ssh reads after ours. */
export function operatorFiles(): readonly string[] {
  return [join(homedir(), '.ssh/config'), '/etc/ssh/ssh_config']
}

/** What the operator's own files say of an address, as ssh_config lines; null: ssh reads those files itself. */
export type Inherited = ReadonlyMap<string, readonly string[]> | null

/** What an ssh_config needs to know beside its host. */
export interface ConfigRequest {
  /** Holds fleet.yaml: relative key files start there. */
  readonly directory: string
  /** The file with the pinned host key; null: none is pinned. */
  readonly knownHosts: string | null
  readonly inherited: Inherited
  /** This ssh was built with GSSAPI; another one complains about its options on stderr, at each connection. */
  readonly knowsGssapi: boolean
  /** It is for a session of a person, who has a terminal: ssh may ask for the passphrase of a key, and for nothing else. */
  readonly isForPerson?: boolean
}

/**
 * The ssh_config for one host: what fleet insists on, then what fleet.yaml says of this host, then the operator's own
 * files (ssh takes the first value it meets). A jump host on the way reads the same file, so login and key are bound to
 * the host's own addresses. `knownHosts` is written beside it when the host key is pinned.
 *
 * ssh collects `IdentityFile` from everywhere and tries each, and a host may ban after a few refusals. Where fleet.yaml
 * names the key, the operator's files are therefore not read for this host: `inherited` holds what else they say.
 */
export function sshConfig(
  host: Address,
  { directory, knownHosts, inherited, knowsGssapi, isForPerson = false }: ConfigRequest,
): string {
  const own = ownLines(host, directory, knownHosts)
  const addresses = host.settings.address
  return [
    'Host *',
    ...indent(isForPerson ? forPerson(host.settings.ssh) : insisted(host.settings.ssh)),
    ...(knowsGssapi ? indent(['GSSAPIDelegateCredentials no']) : []),
    ...(own.length === 0 ? [] : [`Host ${addresses.join(' ')}`, ...indent(own)]),
    ...[...(inherited ?? [])].flatMap(([address, lines]) => [`Host ${address}`, ...indent(lines)]),
    inherited === null ? 'Match all' : `Host * ${addresses.map((address) => `!${address}`).join(' ')}`,
    ...indent(operatorFiles().map((file) => `Include ${word(file)}`)),
    // Names of SendEnv add up, so what the operator's files name can only be removed after them.
    'Match all',
    ...indent(['SendEnv -*']),
    '',
  ].join('\n')
}

/**
 * The same for deploy-rs, which confirms an activation by one new connection and no second try: it may take several attempts
 * within the time for it. Its connections outlast an activation and a rollback in silence, since an activation whose
 * connection goes does not roll back. The node's own options come before what the operator's files say.
 */
export function deployRsSshConfig(
  { ssh, activation }: Pick<HostSettings, 'ssh' | 'activation'>,
  config: string,
  options: readonly string[],
): string {
  const perAttempt = Math.max(1, Math.ceil(ssh.connectTimeoutMs / 1000)) + 1
  const attempts = Math.floor((activation.confirmTimeoutMs / 1000 - 1) / perAttempt)
  const longest = (2 * activation.timeoutMs + activation.confirmTimeoutMs) / 1000 + 60
  const lines = [
    `ConnectionAttempts ${Math.min(4, Math.max(1, attempts))}`,
    'ServerAliveInterval 15',
    `ServerAliveCountMax ${Math.ceil(longest / 15)}`,
    // An option of fleet.yaml's own is in the file that follows, and ssh takes the first it meets.
    ...options.filter((line) => !isDecided(line, ssh)),
  ]
  return ['Host *', ...indent(lines), 'Match all', ...indent([`Include ${word(config)}`]), ''].join('\n')
}

function indent(lines: readonly string[]): readonly string[] {
  return lines.map((line) => `  ${line}`)
}

const inheritable = new Set(
  `hostname user port proxyjump proxycommand userknownhostsfile globalknownhostsfile hostkeyalias identityagent
  addressfamily bindaddress bindinterface ciphers macs kexalgorithms hostkeyalgorithms pubkeyacceptedalgorithms
  checkhostip verifyhostkeydns`.split(/\s+/),
)

/** The lines of `ssh -G` that the operator's files may decide for a host whose key fleet.yaml names. */
export function inheritedLines(resolved: string): readonly string[] {
  return resolved.split('\n').filter((line) => inheritable.has(line.split(' ', 1)[0] ?? '') && line.includes(' '))
}

/** What only a program needs is left out; a password is never asked for, since a wrong one counts as a refused login. */
function forPerson(ssh: Pick<HostSettings['ssh'], 'connectTimeoutMs'>): readonly string[] {
  const ofPrograms = /^(BatchMode|NumberOfPasswordPrompts|SetEnv|RequestTTY|RemoteCommand) /
  const rest = insisted(ssh).filter((line) => !ofPrograms.test(line))
  return [...rest, 'PasswordAuthentication no', 'KbdInteractiveAuthentication no', 'RemoteCommand none']
}

function insisted({ connectTimeoutMs }: Pick<HostSettings['ssh'], 'connectTimeoutMs'>): readonly string[] {
  return [
    'BatchMode yes',
    'NumberOfPasswordPrompts 0',
    // Never ask, never accept by itself: an unknown key is an error, whatever the operator's own files say.
    'StrictHostKeyChecking yes',
    // Nor learn further keys from the host itself, which would write them into the operator's known_hosts.
    'UpdateHostKeys no',
    'NoHostAuthenticationForLocalhost no',
    // A connection must be a new one: a shared one would pass a test that a broken firewall should fail.
    'ControlMaster no',
    'ControlPath none',
    'ConnectionAttempts 1',
    `ConnectTimeout ${Math.max(1, Math.ceil(connectTimeoutMs / 1000))}`,
    'ServerAliveInterval 5',
    'ServerAliveCountMax 3',
    'PermitLocalCommand no',
    // A host, and a jump host on the way, gets no use of this machine's keys, display, tickets, network or environment.
    'ForwardAgent no',
    'ForwardX11 no',
    'ForwardX11Trusted no',
    'Tunnel no',
    // The first SetEnv counts, and what is named here is what fleet's own scripts set.
    'SetEnv LC_ALL=C',
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
