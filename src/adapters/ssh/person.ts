import { rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { quote } from '../../model/text/quote.ts'
import type { Found } from '../../model/host/system.ts'
import type { Address } from '../../ports/remote.ts'
import { makeScratch } from '../files/scratch.ts'
import { runForeground } from '../foreground.ts'
import { run } from '../process.ts'
import { askGssapi, configIn } from './write-config.ts'

export interface PersonRequest {
  /** The words of a command; empty: a login shell. */
  readonly words: readonly string[]
  /** Give the command a terminal: whoever typed it sits at one. */
  readonly isTerminal: boolean
  /** Holds fleet.yaml: relative key files start there. */
  readonly directory: string
}

/**
 * A session of a person on a host, with the terminal handed over: fleet.yaml's address, user, port, key and pinned host key, and
 * nothing that only a program needs. Returns how ssh ended: the code of the command, 255 where ssh itself failed.
 */
export async function personSession(
  host: Address,
  { words, isTerminal, directory }: PersonRequest,
  signal: AbortSignal,
): Promise<Found<number>> {
  const folder = await makeScratch('fleet-ssh-')
  if (!folder.ok) return folder
  try {
    const config = await configIn(folder.value, host, { directory, knowsGssapi: await askGssapi(), isForPerson: true })
    if (!config.ok) return config
    const address = await answering(host, config.value, signal)
    const command = words.map(quote).join(' ')
    const terminal = isTerminal && words.length > 0 ? ['-t'] : []
    const args = [...terminal, '-F', config.value, '--', address, ...(words.length === 0 ? [] : [command])]
    return { ok: true, value: await runForeground('ssh', args, signal) }
  } finally {
    await rm(folder.value, { recursive: true, force: true })
  }
}

/** The first address that takes a connection; without a login, which could be refused. Behind a jump host nobody can tell. */
async function answering({ settings }: Address, config: string, signal: AbortSignal): Promise<string> {
  const [first, ...others] = settings.address
  if (others.length === 0) return first
  for (const address of settings.address) {
    const asked = await run({ program: 'ssh', args: ['-G', '-F', config, '--', address], timeoutMs: askTime }, signal)
    const lines = asked.how === 'exited' && asked.code === 0 ? asked.stdout.split('\n') : []
    const valueOf = (key: string) => lines.find((line) => line.startsWith(`${key} `))?.slice(key.length + 1)
    const isBehind = valueOf('proxyjump') !== undefined || valueOf('proxycommand') !== undefined
    if (isBehind) return first
    const place = { host: valueOf('hostname') ?? address, port: Number(valueOf('port') ?? 22) }
    if (await takesConnection(place, settings.ssh.connectTimeoutMs)) return address
  }
  return first
}

/** Milliseconds that `ssh -G` may take: it resolves names where the operator's files ask for that. */
const askTime = 10_000

function takesConnection(place: { readonly host: string; readonly port: number }, timeout: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ ...place, timeout })
    const end = (isTaken: boolean) => {
      socket.destroy()
      resolve(isTaken)
    }
    socket.once('connect', () => end(true))
    socket.once('timeout', () => end(false))
    socket.once('error', () => end(false))
  })
}
