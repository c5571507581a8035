import { homedir } from 'node:os'
import { isAbsolute, join, resolve } from 'node:path'
import type { Address } from '../../ports/remote.ts'

/**
 * The ssh_config for one host: what fleet insists on, then what fleet.yaml says, then the operator's own files
 * (ssh takes the first value it meets). `knownHosts` is written beside it when the host key is pinned.
 */
export function sshConfig(host: Address, directory: string, knownHosts: string | null): string {
  const { ssh } = host.settings
  const lines = [
    'BatchMode yes',
    'NumberOfPasswordPrompts 0',
    // Never ask, never accept by itself: an unknown key is an error, whatever the operator's own files say.
    'StrictHostKeyChecking yes',
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
    'LogLevel ERROR',
  ]
  if (ssh.user !== null) lines.push(`User ${word(ssh.user)}`)
  if (ssh.port !== null) lines.push(`Port ${ssh.port}`)
  if (ssh.identityFile !== null)
    lines.push(`IdentityFile ${word(localPath(ssh.identityFile, directory))}`, 'IdentitiesOnly yes')
  if (knownHosts !== null)
    lines.push(`HostKeyAlias ${host.name}`, `UserKnownHostsFile ${word(knownHosts)}`, 'GlobalKnownHostsFile none')
  for (const [name, value] of Object.entries(ssh.options)) lines.push(`${name} ${optionValue(name, value, directory)}`)
  return [
    'Host *',
    ...lines.map((line) => `  ${line}`),
    'Match all',
    `  Include ${word(join(homedir(), '.ssh/config'))}`,
    '  Include /etc/ssh/ssh_config',
    '',
  ].join('\n')
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
