import { followsFrom } from '../../model/codes/codes.ts'
import { rm } from 'node:fs/promises'
import type { Writable } from 'node:stream'
import type { Found } from '../../model/host/system.ts'
import type { Address, Remote, RemoteAnswer, RemoteRequest, Transport } from '../../ports/remote.ts'
import { makeScratch } from '../files/scratch.ts'
import { sessionInput, shellWords } from '../script-shell.ts'
import { run } from '../process.ts'
import { sshFailure } from './failure.ts'
import {
  concernsSharing,
  refusesSessions,
  SharedConnections,
  throughSocket,
  withoutSharing,
} from './shared-connections.ts'
import { askGssapi, configIn } from './write-config.ts'
import { quote } from '../../model/text/quote.ts'

/** The system's `ssh`, with a configuration of fleet's own for each host. Close it to remove those files. */
export interface SshRemote extends Remote {
  close(): Promise<void>
}

/** `directory` holds fleet.yaml: relative key files start there. */
export function sshRemote(directory: string): SshRemote {
  let files: Promise<Found<string>> | null = null
  let shared: SharedConnections | null = null
  const configs = new Map<string, Promise<Found<string>>>()
  // Where a host with several addresses answered last: the next session begins there.
  const answered = new Map<string, string>()

  let knowsGssapi: Promise<boolean> | null = null

  const configOf = (host: Address): Promise<Found<string>> => {
    files ??= makeScratch('fleet-ssh-')
    knowsGssapi ??= askGssapi()
    const known = configs.get(host.name)
    if (known !== undefined) return known
    const written = Promise.all([files, knowsGssapi]).then(([folder, gssapi]) => {
      if (!folder.ok) return folder
      shared ??= new SharedConnections(folder.value)
      return configIn(folder.value, host, { directory, knowsGssapi: gssapi })
    })
    configs.set(host.name, written)
    return written
  }

  return {
    async run(host, request, signal) {
      const config = await configOf(host)
      if (!config.ok) return { how: 'no-answer', begun: false, failure: config.failure }
      return goThrough(shared, host, request, async (through) => {
        let last: RemoteAnswer | null = null
        for (const address of inOrder(host, answered.get(host.name))) {
          last = await runAt({ address, config: config.value, through }, host, request, signal)
          if (last.how === 'answered' || last.begun) answered.set(host.name, address)
          // A refusal by the right or by the wrong machine is an answer: the next address would be a second login.
          if (last.how === 'answered' || last.begun || followsFrom(last.failure.code).again === 'final') return last
        }
        if (last === null) throw new Error(`bug: ${host.name} has no address`)
        return last
      })
    },
    async transport(host): Promise<Found<Transport>> {
      const [first] = inOrder(host, answered.get(host.name))
      if (first === undefined) throw new Error(`bug: ${host.name} has no address`)
      const config = await configOf(host)
      if (!config.ok) return config
      const socket = shared?.socketOf(host.name) ?? null
      const through = socket === null ? {} : { shared: throughSocket(socket) }
      return { ok: true, value: { address: first, config: config.value, ...through } }
    },
    async close() {
      await shared?.close()
      const folder = await files
      if (folder?.ok === true) await rm(folder.value, { recursive: true, force: true })
    },
  }
}

/** How a session is reached. */
interface Through {
  /** Options of ssh beside those of its file. */
  readonly options: readonly string[]
  /** The session goes through an offered connection; called where the host admits no further one in it. Null: it does not. */
  readonly onRefused: (() => void) | null
}

const anew: Through = { options: [], onRefused: null }

/** Has a session run through the connection that it asks for. */
async function goThrough(
  shared: SharedConnections | null,
  { name }: Address,
  { connection }: RemoteRequest,
  session: (through: Through) => Promise<RemoteAnswer>,
): Promise<RemoteAnswer> {
  if (connection === undefined) return session(anew)
  switch (connection) {
    case 'offered': {
      const offer = (await shared?.offer(name)) ?? null
      try {
        return await session({ ...anew, options: offer?.options ?? [] })
      } finally {
        await offer?.close()
      }
    }
    case 'shared': {
      const socket = shared?.socketOf(name) ?? null
      if (socket === null) return session(anew)
      return session({ options: throughSocket(socket), onRefused: () => shared?.withdraw(name) })
    }
  }
}

function inOrder(host: Address, first: string | undefined): readonly string[] {
  const { address } = host.settings
  return first === undefined ? address : [first, ...address.filter((other) => other !== first)]
}

interface Way extends Pick<Transport, 'address' | 'config'> {
  readonly through: Through
}

async function runAt(
  { address, config, through: { options, onRefused } }: Way,
  host: Address,
  request: RemoteRequest,
  signal: AbortSignal,
): Promise<RemoteAnswer> {
  const { onInput, onLine } = request
  const printed = await run(
    {
      program: 'ssh',
      args: ['-T', ...options, '-F', config, '--', address, remoteCommand(host, request)],
      stdin: request.script,
      ...(onInput === undefined ? {} : { onInput: (input: Writable) => onInput(sessionInput(input)) }),
      env: { LC_ALL: 'C' },
      timeoutMs: request.timeoutMs,
      ...(request.silenceMs === undefined ? {} : { silenceMs: request.silenceMs }),
      maxBytes: 16 * 1024 * 1024,
      ...(onLine === undefined ? {} : { onLine: onRefused === null ? onLine : withoutLinesOnSharing(onLine) }),
    },
    signal,
  )
  if (onRefused !== null && refusesSessions(printed.stderr)) onRefused()
  const ended = onRefused === null ? printed : { ...printed, stderr: withoutSharing(printed.stderr) }
  const failed = sshFailure(ended, address)
  if (failed !== null) return { how: 'no-answer', ...failed }
  if (ended.how !== 'exited') throw new Error(`bug: ssh ended as ${ended.how} without a failure`)
  return { how: 'answered', code: ended.code, stdout: ended.stdout, stderr: ended.stderr }
}

type OnLine = NonNullable<RemoteRequest['onLine']>

function withoutLinesOnSharing(onLine: OnLine): OnLine {
  return (stream, line) => {
    if (stream === 'stdout' || !concernsSharing(line)) onLine(stream, line)
  }
}

/**
 * What the login shell, whichever it is, is asked to run: `sh` reading the script, as root where that was asked for.
 * With `sudo: auto` a login that is root already needs no sudo.
 */
function remoteCommand(host: Address, request: RemoteRequest): string {
  const words = shellWords(request)
  const shell = words.map(quote).join(' ')
  const { sudo } = host.settings
  if (!request.asRoot || sudo === 'none') return `exec ${shell}`
  if (sudo !== 'auto') return `exec ${sudo.split(/\s+/).map(quote).join(' ')} ${shell}`
  const elevate = 'if [ "$(id -u)" -eq 0 ]; then exec "$@"; else exec sudo -n -- "$@"; fi'
  return ['exec', 'sh', '-c', elevate, 'sh', ...words].map(quote).join(' ')
}
