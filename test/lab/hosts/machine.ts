import { spawn } from 'node:child_process'
import { openSync, closeSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Place } from './keys.ts'
import type { Layout } from './layout.ts'
import { ask, type Answer } from '../run.ts'

const script = fileURLToPath(new URL('host/machine.sh', import.meta.url))

/** A host's outermost process; its death is the host's end. */
export interface Machine {
  readonly pid: number
  /** Resolves when no process of the host is left. */
  readonly ended: Promise<void>
  readonly stop: () => Promise<void>
}

/** Starts a host that plays systemd. */
export function startPlayedMachine(layout: Layout, place: Place, storeSize: string): Machine {
  const { name, address, port } = place
  return startMachine(layout, name, [], [script, layout.host(name), name, address, String(port), storeSize])
}

/**
 * Starts a host: a shell script and its arguments as process 1 of mount, UTS, IPC and process namespaces of its own, and of more
 * namespaces (options of unshare). It dies with the process that calls this, even by kill -9: each link of the chain dies with the one before.
 */
export function startMachine(
  layout: Layout,
  name: string,
  namespaces: readonly string[],
  command: readonly string[],
): Machine {
  const log = openSync(join(layout.host(name), 'log'), 'a')
  const child = spawn(
    'setpriv',
    [
      '--pdeathsig',
      'KILL',
      'unshare',
      '--mount',
      '--uts',
      '--ipc',
      '--pid',
      ...namespaces,
      '--fork',
      '--kill-child',
      'sh',
      ...command,
    ],
    { stdio: ['ignore', log, log], detached: true },
  )
  closeSync(log)
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const pid = child.pid
  if (pid === undefined) throw new Error('setpriv and unshare (package util-linux) could not be started.')
  return {
    pid,
    ended,
    stop: async () => {
      // Process 1 of the namespace goes last of all, and unshare waits for it: then nothing of the host is left.
      const first = (await childrenOf(pid))[0]
      process.kill(first ?? pid, 'SIGKILL')
      await ended
    },
  }
}

async function childrenOf(pid: number): Promise<readonly number[]> {
  try {
    return (await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')).trim().split(' ').filter(Boolean).map(Number)
  } catch (error) {
    if (isGone(error)) return []
    throw error
  }
}

function isGone(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ESRCH')
}

/** Runs a command as root inside a host, with the machine's powers: for setting faults and looking, not for what ssh can do. */
export async function runInside(machine: number, command: string): Promise<Answer> {
  // machine is unshare; below it machine.sh, below that the unshare of the current boot, below that init.
  let pid: number | undefined = machine
  for (let depth = 0; depth < 3 && pid !== undefined; depth++) pid = (await childrenOf(pid))[0]
  if (pid === undefined) return { code: null, stdout: '', stderr: 'The host is between two boots.\n' }
  return ask(
    'nsenter',
    [
      '--target',
      String(pid),
      '--mount',
      '--uts',
      '--ipc',
      '--net',
      '--cgroup',
      '--pid',
      '--root',
      '--wd',
      '--',
      '/bin/sh',
      '-c',
      command,
    ],
    {
      environment: { PATH: '/run/wrappers/bin:/run/current-system/sw/bin:/usr/bin:/bin:/usr/sbin', HOME: '/root' },
      // A host that shuts down stops all its processes first, and nsenter stops with what it started: the host waits for it then.
      staysAwake: true,
    },
  )
}
