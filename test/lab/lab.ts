import { fork } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { createRequire } from 'node:module'
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { HostDescription } from './description.ts'
import { eventually } from './eventually.ts'
import { faultOf, faults, type FaultName } from './faults.ts'
import { commitFlake } from './flake.ts'
import { setInFlake } from './flake-keys.ts'
import { fleetYaml } from './fleet-yaml.ts'
import type { Place } from './hosts/keys.ts'
import { layoutOf, type Layout } from './hosts/layout.ts'
import { runInside } from './hosts/machine.ts'
import { operatorEnvironment } from './hosts/operator.ts'
import { isOwned, readRecord, type LabRecord } from './hosts/record.ts'
import { ask, type Answer } from './run.ts'
import { whyNoSystemd, withoutSystemd } from './systemd/possible.ts'
import { statusOf, type HostStatus } from './hosts/status.ts'
import type { SupervisorMessage, SupervisorOptions } from './hosts/supervisor.ts'
import { sweep, temporaryPrefix } from './hosts/sweep.ts'

/** What a lab is to be; only the hosts must be said. */
export interface LabOptions {
  readonly hosts: Readonly<Record<string, HostDescription>>
  /** Default: a new directory under the system's temporary one. */
  readonly directory?: string
  /** `installed` (default): hosts run older systems than the flake's; `converged`: the flake's own. */
  readonly start?: SupervisorOptions['start']
  /** How much a host's /nix holds, as mount's tmpfs size; default 256m. */
  readonly storeSize?: string
  /** `test` (default): the lab ends with this process. `detached`: it stays. */
  readonly life?: 'test' | 'detached'
  /** `any` (default): a free loopback network. `default`: 127.77, which the project's fleet.yaml names. */
  readonly network?: SupervisorOptions['network']
  readonly onProgress?: (text: string) => void
}

/** A lab whose hosts are up. */
export interface Lab {
  readonly directory: string
  readonly layout: Layout
  /** The flake's directory, a git repository. */
  readonly flake: string
  readonly hosts: readonly Place[]
  /** What the operator's environment needs beyond what it has, for Nix to work here; often nothing. */
  readonly environment: Readonly<Record<string, string>>
  /** A fleet.yaml of the lab's hosts: name, flake, ssh settings, addresses. */
  readonly fleetYaml: () => string
  /** Runs a command as `sma` over ssh. */
  readonly ssh: (host: string, command: string) => Promise<Answer>
  /** Runs a command as root in a host without ssh, whatever its faults. */
  readonly inside: (host: string, command: string) => Promise<Answer>
  /** Changes one value of the flake (`*`: of all hosts) and commits it, unless told to leave the tree dirty. */
  readonly set: (host: string, key: string, value: string, options?: { readonly commit?: boolean }) => Promise<void>
  /** Sets a fault; one at activation spares the system that runs now, unless `spare` is `nothing`. */
  readonly break: (
    host: string,
    fault: FaultName,
    options?: { readonly parameter?: string; readonly spare?: 'running' | 'nothing' },
  ) => Promise<void>
  /** Undoes a fault, or all of the host's. */
  readonly mend: (host: string, fault?: FaultName) => Promise<void>
  /** Asks every host, without ssh, what it runs. */
  readonly status: () => Promise<readonly HostStatus[]>
  /** Ends the host's processes and begins a new boot of its default system; returns when the old boot has been told to end. */
  readonly reboot: (host: string) => Promise<void>
  /** Ends every process of the lab and removes its directory. */
  readonly stop: () => Promise<void>
}

/** Brings a lab up; resolves when ssh answers on all hosts. */
export async function startLab(options: LabOptions): Promise<Lab> {
  await mayMakeHosts()
  if (Object.values(options.hosts).some(({ init }) => init === 'systemd')) await mayMakeContainers()
  const directory = options.directory === undefined ? undefined : resolve(options.directory)
  await sweep(directory === undefined ? [] : [directory])
  if (directory !== undefined && (await readRecord(layoutOf(directory))) !== undefined)
    throw new Error(`A lab is up in ${directory} already.`)
  const detached = options.life === 'detached'
  const told: SupervisorOptions = {
    directory: directory ?? (await mkdtemp(join(tmpdir(), temporaryPrefix))),
    hosts: options.hosts,
    network: options.network ?? 'any',
    start: options.start ?? 'installed',
    storeSize: options.storeSize ?? '256m',
  }
  await mkdir(told.directory, { recursive: true })
  // One that stays must not hold the streams of the command that started it: whoever reads them would wait for ever.
  const log = detached ? openSync(layoutOf(told.directory).log, 'a') : 'inherit'
  const supervisor = fork(fileURLToPath(new URL('hosts/supervisor.ts', import.meta.url)), [JSON.stringify(told)], {
    detached: true,
    execArgv: ['--import', pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href],
    env: { ...process.env, ...(await operatorEnvironment()) },
    stdio: ['ignore', 'ignore', log, 'ipc'],
  })
  if (typeof log === 'number') closeSync(log)
  await new Promise<void>((ready, failed) => {
    let reason: string | undefined
    supervisor.on('message', (message: SupervisorMessage) => {
      if (message.type === 'progress') options.onProgress?.(message.text)
      else if (message.type === 'ready') ready()
      else reason = message.reason
    })
    supervisor.once('error', failed)
    // A supervisor that failed cleans up before it ends.
    supervisor.once('exit', (code, signal) =>
      failed(
        new Error(reason ?? `The lab's supervisor ended (${code ?? signal ?? 'unknown'}) before the hosts were up.`),
      ),
    )
  })
  if (detached) {
    await new Promise<void>((sent, failed) =>
      supervisor.send('stay', (error) => (error === null ? sent() : failed(error))),
    )
    supervisor.disconnect()
  }
  supervisor.unref()
  supervisor.channel?.unref()
  return openLab(told.directory)
}

/** The lab that is up in a directory. */
export async function openLab(directory: string): Promise<Lab> {
  const layout = layoutOf(resolve(directory))
  const record = await readRecord(layout)
  if (record === undefined || !(await isOwned(record)))
    throw new Error(`No lab is up in ${layout.directory}. Bring one up with: npm run lab -- up`)
  const environment = await operatorEnvironment()
  const hostOf = (name: string): LabRecord['hosts'][number] => {
    const host = record.hosts.find((each) => each.name === name)
    if (host === undefined)
      throw new Error(
        `There is no host '${name}' in the lab. Known are: ${record.hosts.map((each) => each.name).join(', ')}.`,
      )
    return host
  }
  const inside = (name: string, command: string): Promise<Answer> => runInside(hostOf(name).machine, command)
  const mustWork = async (name: string, command: string): Promise<void> => {
    // A host that boots is waited for: what a boot does late would undo what is done now.
    const isReady = async (): Promise<boolean> => (await inside(name, 'test -e /run/lab/ready')).code === 0
    await eventually(`${name} has booted`, isReady)
    const answer = await inside(name, `export HOST_NAME='${name}' STORE_SIZE='${record.storeSize}'\n${command}`)
    if (answer.code !== 0) throw new Error(`${name} could not do '${command}': ${answer.stderr}`)
  }
  return {
    directory: layout.directory,
    layout,
    flake: layout.flake,
    hosts: record.hosts.map(({ name, address, port }) => ({ name, address, port })),
    environment,
    fleetYaml: () => fleetYaml(layout, record.hosts),
    ssh: (name, command) => ask('ssh', ['-F', layout.sshConfig, hostOf(name).name, command]),
    inside,
    set: async (host, key, value, { commit = true } = {}) => {
      await setInFlake(layout, host, key, value)
      if (commit) await commitFlake(layout, `${host}: ${key} ${value}`)
    },
    break: async (name, fault, { parameter, spare = 'running' } = {}) => {
      const { begin, parameter: otherwise } = faultOf(fault)
      const file = join(layout.faults(hostOf(name).name), fault)
      const running = spare === 'running' ? (await inside(name, 'readlink -f /run/current-system')).stdout.trim() : ''
      const again = (await faultsOf(layout, name)).includes(fault)
      await writeFile(file, `${running}\n${parameter ?? otherwise ?? ''}\n`)
      if (begin !== undefined && !again) await mustWork(name, begin)
    },
    mend: async (name, fault) => {
      if (fault !== undefined) faultOf(fault)
      for (const each of await faultsOf(layout, hostOf(name).name)) {
        if (fault !== undefined && each !== fault) continue
        await rm(join(layout.faults(name), each))
        const { end } = faultOf(each)
        if (end !== undefined) await mustWork(name, end)
      }
    },
    status: () => Promise.all(record.hosts.map(async (host) => statusOf(host, await faultsOf(layout, host.name)))),
    reboot: async (name) => {
      const answer = await inside(
        name,
        'rm -f /run/lab/ready; [ ! -e /lab/systemd ] || exec systemctl reboot; touch /lab/reboot; kill -TERM 1',
      )
      // The shell that says it may be gone with its host before it can end well.
      if (answer.code !== 0 && answer.code !== null) throw new Error(`${name} could not reboot: ${answer.stderr}`)
    },
    stop: () => stopSupervisor(layout, record),
  }
}

async function faultsOf(layout: Layout, host: string): Promise<readonly FaultName[]> {
  return (await readdir(layout.faults(host))).filter((name): name is FaultName => name in faults).toSorted()
}

async function stopSupervisor(layout: Layout, record: LabRecord): Promise<void> {
  if (await isOwned(record)) process.kill(record.supervisor.pid, 'SIGTERM')
  await eventually(
    `the end of the lab's supervisor, process ${record.supervisor.pid}`,
    async () => !(await isOwned(record)),
  )
  await sweep([layout.directory])
}

async function mayMakeContainers(): Promise<void> {
  const reason = await whyNoSystemd()
  if (reason !== undefined) throw new Error(withoutSystemd(reason))
}

async function mayMakeHosts(): Promise<void> {
  if (process.getuid?.() !== 0) {
    throw new Error(
      'The lab needs root: it makes mount and process namespaces, and hosts with users of their own. Run this as root, or in a container or virtual machine where you are root.',
    )
  }
  const tried = await ask('unshare', [
    '--mount',
    '--uts',
    '--ipc',
    '--pid',
    '--fork',
    'mount',
    '-t',
    'tmpfs',
    'lab',
    '/tmp',
  ])
  if (tried.code !== 0) {
    throw new Error(
      `The lab needs to make mount and process namespaces and may not: ${tried.stderr.trim()}. In a container, run it with --privileged.`,
    )
  }
}
