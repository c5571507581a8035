import { join } from 'node:path'
import { systemClock } from '../src/adapters/clock.ts'
import { program } from '../src/adapters/nix/command.ts'
import { localNix } from '../src/adapters/nix/nix.ts'
import { fileEvaluations } from '../src/adapters/state/evaluations.ts'
import type { Fleet } from '../src/model/fleet/fleet.ts'
import type { Evaluation, Found } from '../src/model/host/system.ts'
import { evaluateHosts } from '../src/pipeline/evaluate/evaluate.ts'
import { fleetOf } from '../test/rig/files/fleet-file.ts'
import type { BenchFlake } from './flakes.ts'
import { measure, type Measured, WatchedMemory } from './measure.ts'

export const never = new AbortController().signal
const features = ['--extra-experimental-features', 'nix-command flakes']

/** What fleet does of a plan without the hosts: lock, look up, evaluate what is not known. */
export async function evaluateFleet(
  flake: BenchFlake,
  state: string,
  memory: WatchedMemory,
  slots: number,
): Promise<ReadonlyMap<string, Found<Evaluation>>> {
  const nix = localNix(memory, fileEvaluations(state, systemClock))
  const source = await nix.lock(flake.directory, flake.directory, never)
  if (!source.ok) throw new Error(source.failure.detail)
  const fleet: Fleet = fleetOf(`hosts:\n${flake.hosts.map((host) => `  ${host}: {}\n`).join('')}`)
  const request = { fleet, hosts: fleet.hosts, source: source.value, parallelism: slots, onHost: () => {} }
  return evaluateHosts(request, nix, never)
}

/** The same, measured; every host has to evaluate. */
export async function measureFleet(
  flake: BenchFlake,
  state: string,
  memory: WatchedMemory,
  slots: number,
): Promise<Measured> {
  return measure(memory, async () => {
    for (const [host, found] of await evaluateFleet(flake, state, memory, slots))
      if (!found.ok) throw new Error(`${host}: ${found.failure.detail}`)
  })
}

/** One Nix process that works out every host's derivation, as colmena and deploy-rs do. */
export async function measureOneProcess(flake: BenchFlake, heap: string | null): Promise<Measured> {
  const apply = 'all: builtins.mapAttrs (_: c: c.config.system.build.toplevel.drvPath) all'
  const args = ['eval', ...features, '--json', '--no-eval-cache', '--apply', apply, await installable(flake)]
  return measureNix([args], 1, heap === null ? {} : { GC_INITIAL_HEAP_SIZE: heap })
}

/** One Nix process a host, so many at once, of any command. */
export async function measureEach(
  flake: BenchFlake,
  command: readonly string[],
  slots: number,
  cache: string,
): Promise<Measured> {
  const all = await installable(flake)
  const drv = flake.hosts.map((host) => `${all}."${host}".config.system.build.toplevel`)
  const [name = '', ...rest] = command
  return measureNix(
    drv.map((one) => [name, ...features, ...rest, command.includes('--raw') ? `${one}.drvPath` : one]),
    slots,
    { XDG_CACHE_HOME: cache },
  )
}

async function measureNix(
  commands: readonly (readonly string[])[],
  slots: number,
  env: Readonly<Record<string, string>>,
): Promise<Measured> {
  const memory = new WatchedMemory(null)
  const running = new Set<number>()
  const queue = [...commands]
  const worker = async () => {
    for (let args = queue.shift(); args !== undefined; args = queue.shift()) {
      let group = 0
      const onStart = (process: number) => {
        group = process
        running.add(process)
      }
      const ended = await program('nix', args, never, { env, onStart })
      running.delete(group)
      if (ended.how !== 'exited' || ended.code !== 0) throw new Error(`nix ${args.join(' ')}: ${ended.stderr}`)
    }
  }
  return measure(memory, async () => {
    const stop = memory.watch(
      () => [...running],
      () => {},
    )
    await Promise.all(Array.from({ length: slots }, worker))
    stop()
  })
}

/** The flake's configurations at its commit, so that nothing is copied again. */
async function installable({ directory }: BenchFlake): Promise<string> {
  const ended = await program('git', ['-C', directory, 'rev-parse', 'HEAD'], never)
  return `git+file://${directory}?rev=${ended.stdout.trim()}#nixosConfigurations`
}

/** A state directory that nothing has used. */
export function freshState(place: string): string {
  freshState.count += 1
  return join(place, `state-${freshState.count}`)
}
freshState.count = 0
