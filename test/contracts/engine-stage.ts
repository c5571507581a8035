import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import { systemClock } from '../../src/adapters/clock.ts'
import { sshRemote, type SshRemote } from '../../src/adapters/ssh/remote.ts'
import type { HostSettings, Target } from '../../src/model/plan/plan-schema.ts'
import type { Clock } from '../../src/ports/clock.ts'
import type { Engine, EngineAnswer, EngineTask } from '../../src/ports/engine.ts'
import { buildSystem } from '../lab/by-hand.ts'
import { eventually } from '../lab/eventually.ts'
import { type Lab, startLab } from '../lab/lab.ts'
import { ask } from '../lab/run.ts'
import { sampleSettings } from '../rig/samples/plan.ts'

/** An engine, and what the suite must know of it. */
export interface EngineUnderTest {
  readonly name: HostSettings['engine']
  make(world: EngineWorld): Engine | Promise<Engine>
  /** What a plan would say of a built system beyond its path and derivation (the profile, its derivation); default: nothing. */
  target?(lab: Lab, host: string, system: string): Promise<Partial<Target>>
  /** Brings a host that runs a system of the lab to where this engine's hosts begin; default: nothing. */
  install?(world: EngineWorld, host: string): Promise<void>
  readonly settings?: Partial<HostSettings>
  /** What it answers where engines may differ honestly; the state of the host is asserted in any case. */
  readonly answers: Readonly<Record<Situation, EngineAnswer['how']>>
  /** What the fault `sshd-stops` does to connections; default: it cuts them. Where they are cut, deploy-rs never goes back. */
  readonly sshdStops?: 'cut' | 'stay'
  /** Command lines here that may outlive an aborted activation, because ending them would harm the host; absent: none. */
  readonly mayLeave?: RegExp
  /** False: a host that cannot be reached afterwards stays as it is, and nothing ends an activation; default: it goes back. */
  readonly confirms?: boolean
  /** True: an activation that ends with 4 takes the host back, whatever had failed before. */
  readonly rollsBackOldFailures?: boolean
  /** Takes away what `make` or the test file has put up. */
  close?(): void
}

export interface EngineWorld {
  readonly lab: Lab
  readonly remote: SshRemote
  readonly clock: Clock
}

/** Where engines may differ. `no-effect`: the exit code says that all is well, and nothing has changed. */
export type Situation = 'lost-during' | 'lost-after' | 'aborted-during' | 'no-effect'

/** What runs on a host, what its profile points at, and the name of the profile's generation. */
export interface State {
  readonly system: string
  readonly profile: string
  readonly generation: string
}

/** One host that runs `before`; `to` is a new system, built and not copied. */
export interface Scene {
  readonly host: string
  readonly lab: Lab
  readonly engine: Engine
  readonly before: State
  readonly to: Target
  /** What the engine told. */
  readonly lines: readonly string[]
  task(activation?: Partial<HostSettings['activation']>, more?: Partial<EngineTask>): EngineTask
  state(): Promise<State>
  /** Copies and activates. */
  activated(task: EngineTask, signal?: AbortSignal): Promise<EngineAnswer>
  /** Waits until nothing is at work on the host. */
  settled(): Promise<void>
  expectBack(): Promise<void>
  expectThere(): Promise<void>
}

/** Whatever of an activation may be at work on a host. */
const working =
  '[s]witch-to-configuration |[a]ctivate work |[a]ctivate-rs (-.*)?(activate|revoke) |/bin/[a]ctivate (-.*)?(activate|revoke) '

/** A lab with hosts to play on, one scene on each at a time. */
export class Stage {
  readonly #under: EngineUnderTest
  readonly #directory = mkdtempSync(join(tmpdir(), 'fleet-contract-'))
  readonly #remote = sshRemote(this.#directory)
  readonly #free: string[] = []
  readonly #waiting: ((host: string) => void)[] = []
  #flake: Promise<unknown> = Promise.resolve()
  #revision = 0
  #lab: Lab | null = null
  #engine: Engine | null = null

  constructor(under: EngineUnderTest) {
    this.#under = under
  }

  async open(hosts: readonly string[]): Promise<void> {
    const lab = await startLab({ hosts: Object.fromEntries(hosts.map((host) => [host, { services: ['nginx'] }])) })
    this.#lab = lab
    Object.assign(process.env, lab.environment)
    // Tells this suite's processes from all others on the machine.
    process.env[mark] = '1'
    const world = { lab, remote: this.#remote, clock: systemClock }
    this.#engine = await this.#under.make(world)
    for (const host of hosts) await this.#under.install?.(world, host)
    this.#free.push(...hosts)
  }

  /** Plays on a host as soon as one is free, and leaves it whole. */
  async play(scene: (scene: Scene) => Promise<void>): Promise<void> {
    const host = this.#free.shift() ?? (await new Promise<string>((given) => this.#waiting.push(given)))
    try {
      const made = await this.#scene(host)
      await scene(made)
      await this.#mend(made)
    } finally {
      const next = this.#waiting.shift()
      if (next === undefined) this.#free.push(host)
      else next(host)
    }
  }

  async close(): Promise<void> {
    Reflect.deleteProperty(process.env, mark)
    await this.#remote.close()
    await this.#lab?.stop()
    this.#under.close?.()
    rmSync(this.#directory, { recursive: true, force: true })
  }

  async #scene(host: string): Promise<Scene> {
    const [lab, engine] = [this.#lab, this.#engine]
    if (lab === null || engine === null) throw new Error('the stage is not open')
    const state = () => stateOf(lab, host)
    const before = await state()
    const to = await this.#newTarget(lab, host)
    const lines: string[] = []
    const directory = join(this.#directory, `${host}-${this.#revision}`)
    mkdirSync(directory)
    const task: Scene['task'] = (activation = {}, more = {}) => ({
      name: host,
      settings: { ...this.#settings(lab, host), activation: { ...usualActivation, ...activation } },
      to,
      from: { system: before.system, profile: before.profile },
      run: '20261122T101530Z-3f9a',
      directory,
      onLine: (_, line) => lines.push(line),
      ...more,
    })
    const isSettled = async () => (await lab.inside(host, `pgrep -f '${working}'`)).code !== 0
    const settled = () => eventually('nothing is at work on the host', isSettled)
    const expectAt = async (wanted: Pick<State, 'system' | 'profile'>) => {
      await settled()
      const { system, profile } = await state()
      expect({ system, profile }).toEqual({ system: wanted.system, profile: wanted.profile })
    }
    return {
      host,
      lab,
      engine,
      before,
      to,
      lines,
      task,
      state,
      settled,
      expectBack: () => expectAt(before),
      expectThere: () => expectAt(to),
      activated: async (the, signal = new AbortController().signal) => {
        expect(await engine.copy(the, signal)).toEqual({ how: 'done' })
        lines.length = 0
        return engine.activate(the, signal)
      },
    }
  }

  /** Changes the flake and builds, one scene at a time. */
  #newTarget(lab: Lab, host: string): Promise<Target> {
    const made = this.#flake.then(async (): Promise<Target> => {
      this.#revision += 1
      // Much depends on openssl: enough to copy for a disk to be full.
      await lab.set(host, 'packages.openssl', `4.${this.#revision}.0`)
      const system = await buildSystem(lab, host)
      const drv = (await ask('nix-store', ['-q', '--deriver', system])).stdout.trim()
      const more = await this.#under.target?.(lab, host, system)
      return { drv, system, profileDrv: null, profile: system, platform: 'x86_64-linux', release: null, ...more }
    })
    this.#flake = made.catch(() => {})
    return made
  }

  #settings(lab: Lab, host: string): HostSettings {
    const { name, settings } = this.#under
    const { layout, hosts } = lab
    const all = sampleSettings(host, { engine: name, local: 'never', ...settings })
    const options = { UserKnownHostsFile: layout.knownHosts, GlobalKnownHostsFile: '/dev/null', IdentityAgent: 'none' }
    return {
      ...all,
      address: [hosts.find((place) => place.name === host)?.address ?? ''],
      ssh: { ...all.ssh, user: 'sma', port: 7022, identityFile: layout.clientKey, options },
    }
  }

  /** A scene that ends half-way must not be the beginning of the next one. */
  async #mend(scene: Scene): Promise<void> {
    const { host, lab, before, to } = scene
    await lab.mend(host)
    await scene.settled()
    const { system, profile } = await scene.state()
    if (system === to.system && profile === to.profile) return
    const set = `nix-env -p /nix/var/nix/profiles/system --set ${before.profile}`
    expect((await lab.inside(host, `${set} && ${before.system}/bin/switch-to-configuration switch`)).code).toBe(0)
  }
}

/** Times that end nothing but what hangs; a scene that wants an end names a time of its own. */
const usualActivation = { autoRollback: true, magicRollback: true, timeoutMs: 240_000, confirmTimeoutMs: 120_000 }

const mark = `FLEET_CONTRACT_${process.pid}`

async function stateOf(lab: Lab, host: string): Promise<State> {
  const profile = '/nix/var/nix/profiles/system'
  const { stdout } = await lab.inside(host, `readlink -f /run/current-system ${profile}; readlink ${profile}`)
  const [system = '', target = '', generation = ''] = stdout.split('\n')
  return { system, profile: target, generation }
}

/** Command lines of what the suite has started on the operator's machine and still runs. */
export function leftOver(): readonly string[] {
  return readdirSync('/proc').flatMap((pid) => {
    if (!/^\d+$/.test(pid) || Number(pid) === process.pid) return []
    try {
      if (!readFileSync(`/proc/${pid}/environ`, 'utf8').includes(`${mark}=`)) return []
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim()
      return command === '' ? [] : [command]
    } catch {
      // It ended while it was looked at.
      return []
    }
  })
}
