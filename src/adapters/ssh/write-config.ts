import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Found } from '../../model/host/system.ts'
import type { Address } from '../../ports/remote.ts'
import { unwritable } from '../files/scratch.ts'
import { run } from '../process.ts'
import { type ConfigRequest, type Inherited, inheritedLines, operatorFiles, sshConfig } from './config.ts'
import { namesKeys } from './names-keys.ts'

type Given = Pick<ConfigRequest, 'directory' | 'knowsGssapi' | 'isForPerson'>

/** Writes the ssh_config of one host into a folder; its path. */
export async function configIn(folder: string, host: Address, given: Given): Promise<Found<string>> {
  try {
    return { ok: true, value: await writeConfig(host, folder, given) }
  } catch (error) {
    return { ok: false, failure: unwritable(error) }
  }
}

async function writeConfig(host: Address, folder: string, given: Given): Promise<string> {
  const { hostKey } = host.settings.ssh
  const knownHosts = hostKey === null ? null : join(folder, `${host.name}.known_hosts`)
  if (knownHosts !== null) await writeFile(knownHosts, `${host.name} ${hostKey}\n`, { mode: 0o600 })
  const config = join(folder, `${host.name}.config`)
  const write = (inherited: Inherited) =>
    writeFile(config, sshConfig(host, { ...given, knownHosts, inherited }), { mode: 0o600 })
  await write(null)
  if (host.settings.ssh.identityFile === null || !namesKeys(operatorFiles())) return config
  const inherited = await askInherited(host, config)
  if (inherited !== null) await write(inherited)
  return config
}

/** Whether this machine's ssh was built with GSSAPI; reads no file and connects to nothing. */
export async function askGssapi(): Promise<boolean> {
  const args = ['-G', '-F', 'none', '--', 'localhost']
  const ended = await run({ program: 'ssh', args, timeoutMs: askTime }, new AbortController().signal)
  // One that cannot say gets the line: a complaint on stderr is better than tickets that leave.
  return ended.how !== 'exited' || ended.code !== 0 || ended.stdout.includes('\ngssapidelegatecredentials ')
}

/** Asks ssh itself what it makes of the operator's files, for each address; connects to nothing. Null: it cannot say. */
async function askInherited(host: Address, config: string): Promise<Inherited> {
  const lines = new Map<string, readonly string[]>()
  for (const address of host.settings.address) {
    const args = ['-G', '-F', config, '--', address]
    const ended = await run({ program: 'ssh', args, timeoutMs: askTime }, new AbortController().signal)
    // A file that ssh does not understand makes the session itself fail, with ssh's own words.
    if (ended.how !== 'exited' || ended.code !== 0) return null
    lines.set(address, inheritedLines(ended.stdout))
  }
  return lines
}

/** Milliseconds that `ssh -G` may take: it resolves names where the operator's files ask for that. */
const askTime = 10_000
