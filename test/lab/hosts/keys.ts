import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Layout } from './layout.ts'
import { run } from '../run.ts'

/** A host's name, its address, and the port of its sshd. */
export interface Place {
  readonly name: string
  readonly address: string
  readonly port: number
}

/** Makes the client's key, a host key each, known_hosts (by address and by name) and an ssh_config for people. */
export async function writeKeys(layout: Layout, places: readonly Place[]): Promise<void> {
  await mkdir(layout.ssh, { recursive: true, mode: 0o700 })
  await newKey(layout.clientKey, 'fleet-lab')
  const lines: string[] = []
  for (const { name, address, port } of places) {
    const key = join(layout.host(name), 'ssh_host_ed25519_key')
    await mkdir(layout.faults(name), { recursive: true })
    await newKey(key, name)
    await copyFile(`${layout.clientKey}.pub`, join(layout.host(name), 'authorized_keys'))
    const [type, text] = (await readFile(`${key}.pub`, 'utf8')).split(' ')
    // ssh leaves the brackets out where the port is its own.
    const names = port === 22 ? `${address},${name}` : `[${address}]:${port},[${name}]:${port},${name}`
    lines.push(`${names} ${type} ${text}\n`)
  }
  await writeFile(layout.knownHosts, lines.join(''))
  await writeFile(layout.sshConfig, sshConfig(layout, places))
}

async function newKey(path: string, comment: string): Promise<void> {
  await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', comment, '-f', path])
}

function sshConfig(layout: Layout, places: readonly Place[]): string {
  const hosts = places.map(
    ({ name, address, port }) => `Host ${name}\n  HostName ${address}\n  Port ${port}\n  HostKeyAlias ${name}\n`,
  )
  return `${hosts.join('')}
Host *
  User sma
  IdentityFile "${layout.clientKey}"
  IdentitiesOnly yes
  IdentityAgent none
  UserKnownHostsFile "${layout.knownHosts}"
  GlobalKnownHostsFile /dev/null
  StrictHostKeyChecking yes
  BatchMode yes
  LogLevel ERROR
`
}
