// Owns a lab: `supervisor.ts OPTIONS`, started by lab.ts with a channel to it. Makes the lab, says 'ready', and holds the hosts
// until it is told to stop, or until the channel closes before it was told to stay.
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { writeClosures } from './closures.ts'
import type { HostDescription } from '../description.ts'
import { fleetYaml } from '../fleet-yaml.ts'
import { writeFlake } from '../flake.ts'
import { writeKeys, type Place } from './keys.ts'
import { layoutOf } from './layout.ts'
import { startPlayedMachine, type Machine } from './machine.ts'
import { claimNetwork, hostAddress, playedSshPort, sshAnswers } from './network.ts'
import { startOf, writeRecord } from './record.ts'
import { layGround, removeGround, type Ground } from '../systemd/ground.ts'
import { startSystemdMachine } from '../systemd/machine.ts'
import { containerAddress } from '../systemd/switch.ts'

/** What the supervisor is told on its command line, as JSON. */
export interface SupervisorOptions {
  readonly directory: string
  readonly hosts: Readonly<Record<string, HostDescription>>
  readonly network: 'default' | 'any'
  readonly start: 'installed' | 'converged'
  readonly storeSize: string
}

/** What the supervisor says over its channel. */
export type SupervisorMessage =
  | { readonly type: 'progress'; readonly text: string }
  | { readonly type: 'ready' }
  | { readonly type: 'failed'; readonly reason: string }

const startTimeout = 240_000
const startedAtOnce = 6

const options = JSON.parse(process.argv[2] ?? '') as SupervisorOptions
const layout = layoutOf(options.directory)
const machines = new Map<string, Machine>()
const systemd = Object.values(options.hosts).some(isContainer)
let ground: Ground | undefined
let stay = false
let ending: Promise<void> | undefined

for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => void end())
process.on('message', (message) => {
  if (message === 'stay') stay = true
  if (message === 'stop') void end()
})
process.on('disconnect', () => {
  if (!stay) void end()
})

try {
  await up()
  say({ type: 'ready' })
} catch (error) {
  say({ type: 'failed', reason: error instanceof Error ? error.message : String(error) })
  process.exitCode = 1
  await end()
}

function say(message: SupervisorMessage): void {
  // A channel that has closed is the owner's end, which 'disconnect' deals with.
  if (process.connected) process.send?.(message, () => undefined)
}

function end(): Promise<void> {
  ending ??= (async () => {
    await Promise.all([...machines.values()].map((machine) => machine.stop()))
    if (systemd) await removeGround(layout.directory, ground)
    await rm(layout.directory, { recursive: true, force: true })
    process.exit()
  })()
  return ending
}

async function up(): Promise<void> {
  const { network } = await claimNetwork(options.network)
  await mkdir(layout.directory, { recursive: true, mode: 0o755 })
  const started = await startOf(process.pid)
  if (started === undefined) throw new Error('bug: a process that does not exist')
  const supervisor = { pid: process.pid, started }
  await writeRecord(layout, { supervisor, storeSize: options.storeSize, systemd, hosts: [] })
  const names = Object.keys(options.hosts)
  const places = names.map((name, index) => placeOf(name, network, index))
  await Promise.all(places.map(({ name }) => mkdir(`${layout.host(name)}/root`, { recursive: true })))
  if (systemd) ground = await layGround(network, (text) => say({ type: 'progress', text }))
  say({ type: 'progress', text: `building the first systems of ${names.length} hosts` })
  await Promise.all([
    writeKeys(layout, places),
    writeFlake(layout, described(places), ground?.units).then(() => writeClosures(layout, names, options.start)),
  ])
  await writeFile(layout.fleetYaml, fleetYaml(layout, places))
  say({ type: 'progress', text: `starting ${names.length} hosts` })
  const waiting = [...places]
  await Promise.all(
    Array.from({ length: startedAtOnce }, async () => {
      for (let place = waiting.shift(); place !== undefined; place = waiting.shift()) await bring(place)
    }),
  )
  const hosts = places.map((place) => ({ ...place, machine: machines.get(place.name)?.pid ?? 0 }))
  await writeRecord(layout, { supervisor, storeSize: options.storeSize, systemd, hosts })
}

function isContainer({ init }: HostDescription): boolean {
  return init === 'systemd'
}

function placeOf(name: string, network: number, index: number): Place {
  const description = options.hosts[name]
  return description !== undefined && isContainer(description)
    ? { name, address: containerAddress(network, index), port: description.sshPort ?? 22 }
    : { name, address: hostAddress(network, index), port: playedSshPort }
}

// A host that configures its own network has to know its address.
function described(
  places: readonly Place[],
): Readonly<Record<string, HostDescription & { readonly address?: string }>> {
  return Object.fromEntries(
    places.map(({ name, address }) => {
      const description = options.hosts[name] ?? { services: [] }
      return [name, isContainer(description) ? { ...description, address } : description]
    }),
  )
}

function start(place: Place): Machine {
  const description = options.hosts[place.name]
  return ground !== undefined && description !== undefined && isContainer(description)
    ? startSystemdMachine(layout, place, options.storeSize, ground)
    : startPlayedMachine(layout, place, options.storeSize)
}

// A host is up when its sshd greets, which it starts last.
async function bring(place: Place): Promise<void> {
  if (ending !== undefined) return
  const machine = start(place)
  machines.set(place.name, machine)
  let gone = false
  void machine.ended.then(() => (gone = true))
  const deadline = Date.now() + startTimeout
  while (!(await sshAnswers(place))) {
    if (ending !== undefined) return
    if (gone || Date.now() > deadline) {
      throw new Error(
        `The host ${place.name} ${gone ? 'ended while it was starting' : `did not answer within ${startTimeout / 1000} s`}. It said:\n${await readFile(`${layout.host(place.name)}/log`, 'utf8')}`,
      )
    }
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
