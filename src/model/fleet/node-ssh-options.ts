import type { HostSettings } from '../plan/plan-schema.ts'

/** sshOpts of a node as ssh_config says them, and those that cannot be said there. */
export interface SshOptions {
  readonly lines: readonly string[]
  readonly unknown: readonly string[]
}

/** Options of ssh with a value, and what they are in ssh_config (ssh(1)). */
const withValue: Readonly<Record<string, string>> = {
  p: 'Port',
  i: 'IdentityFile',
  J: 'ProxyJump',
  l: 'User',
  b: 'BindAddress',
}
const alone: Readonly<Record<string, string>> = {
  '4': 'AddressFamily inet',
  '6': 'AddressFamily inet6',
  C: 'Compression yes',
}

/** Reads a node's `sshOpts`: `--ssh-opts`, which names fleet's ssh_config, replaces them, so they go into that file. */
export function sshOptions(words: readonly string[]): SshOptions {
  const lines: string[] = []
  const unknown: string[] = []
  const left = [...words]
  for (let word = left.shift(); word !== undefined; word = left.shift()) {
    const [, letter = '', attached = ''] = /^-([A-Za-z0-9])(.*)$/s.exec(word) ?? []
    const needsValue = letter === 'o' || letter in withValue
    const value = needsValue && attached === '' ? (left.shift() ?? '') : attached
    const line = lineOf(letter, value)
    if (line === null || /[\r\n]/.test(line)) unknown.push(needsValue && attached === '' ? `${word} ${value}` : word)
    else lines.push(line)
  }
  return { lines, unknown }
}

function lineOf(letter: string, value: string): string | null {
  if (letter === 'o') {
    const [, name, rest] = /^([A-Za-z]+)(?=[\s=])(.*)$/s.exec(value.trimStart()) ?? []
    const argument = rest?.trimStart().replace(/^=/, '').trimStart() ?? ''
    return name === undefined || argument === '' ? null : `${name} ${argument}`
  }
  const keyword = withValue[letter]
  if (keyword !== undefined) return value === '' ? null : `${keyword} ${value}`
  return value === '' ? (alone[letter] ?? null) : null
}

/** Options of ssh that no node of a flake may set: what fleet insists on, and what would hand a host more of this machine. */
const closedToNodes = new Set(
  `batchmode clearallforwardings connectionattempts connecttimeout controlmaster controlpath controlpersist
  forkafterauthentication forwardagent forwardx11 forwardx11trusted gssapidelegatecredentials host include localcommand
  loglevel match nohostauthenticationforlocalhost numberofpasswordprompts permitlocalcommand remotecommand requesttty
  sendenv serveralivecountmax serveraliveinterval setenv stricthostkeychecking tunnel
  updatehostkeys`.split(/\s+/),
)

/** True where fleet.yaml, or fleet itself, decides the option of a line of ssh_config, so that the node's has no effect. */
export function isDecided(line: string, ssh: HostSettings['ssh']): boolean {
  const name = (line.split(/\s/, 1)[0] ?? '').toLowerCase()
  const own = [
    ...(ssh.user === null ? [] : ['user']),
    ...(ssh.port === null ? [] : ['port']),
    ...(ssh.identityFile === null ? [] : ['identityfile']),
    ...Object.keys(ssh.options).map((option) => option.toLowerCase()),
  ]
  return closedToNodes.has(name) || own.includes(name)
}
