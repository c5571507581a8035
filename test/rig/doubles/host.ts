import type { Failure, HostSettings } from '../../../src/model/plan/plan-schema.ts'
import type { Found } from '../../../src/model/host/system.ts'
import { observationScript } from '../../../src/pipeline/observe/script.ts'
import type { Address, Remote, RemoteAnswer, RemoteRequest, Transport } from '../../../src/ports/remote.ts'
import { storePath } from '../samples/plan.ts'

export const noAnswer: Failure = { code: 'ssh/no-answer', summary: 'no answer', detail: 'ssh to it: No route to host' }

/** Stands for one NixOS machine: what it runs, and how it answers when it is asked. */
export class DoubleHost {
  readonly name: string
  system: string
  profile: string | null
  generation = 41
  hostname: string
  platform = 'x86_64-linux'
  mayActAsRoot = true
  failedUnits: readonly string[] = []
  profileAge: number | null = 3600
  /** How many of the next questions get no answer, and why. */
  silent = 0
  silence: Failure = noAnswer
  /** How many of the next questions find an activation running; then it ends as `ends` says. */
  activating = 0
  ends: () => void = () => {}
  /** Store paths that it has beside those that it has run. */
  readonly has = new Set<string>()
  freeBytes: { readonly nix: number | null; readonly boot: number | null } = { nix: null, boot: null }
  machine: string | null = null
  booted: string
  boots = 1
  /** Whether it comes back from a reboot. */
  returns = true
  /** Seconds since the epoch; null: not told. */
  clock: number | null = null
  newestGeneration: number | null = null
  /** How often it was asked what it runs. */
  questions = 0

  constructor(name: string) {
    this.name = name
    this.hostname = name
    this.system = storePath('a', `nixos-system-${name}-25.05`)
    this.profile = this.system
    this.booted = this.system
    this.has.add(this.system)
  }

  /** Boots what its profile holds, and is silent meanwhile. */
  reboot(): void {
    this.boots += 1
    this.system = this.profile ?? this.system
    this.booted = this.system
    this.silent = this.returns ? 3 : Number.POSITIVE_INFINITY
  }

  lacks(paths: readonly string[]): readonly string[] {
    return paths.filter((path) => !this.has.has(path))
  }

  /** What an activation does to it: another profile in a new generation, and that running. */
  switchTo(profile: string, system = profile): void {
    if (this.profile !== profile) this.generation += 1
    this.profile = profile
    this.system = system
  }

  /** What the observation script prints on it. */
  observation(nonce: string): string {
    const answers = [
      ['system', this.system],
      ['profile', this.profile],
      ['next-boot', this.profile],
      ['booted', this.booted],
      ['boot-id', `boot-${this.boots}`],
      ['generation', String(this.generation)],
      ['profile-age', this.profileAge === null ? null : String(this.profileAge)],
      ['hostname', this.hostname],
      ['platform', this.platform],
      ['root', this.mayActAsRoot ? 'yes' : 'no'],
      ['free-nix', kibibytes(this.freeBytes.nix)],
      ['free-boot', kibibytes(this.freeBytes.boot)],
      ['machine', this.machine],
      ['clock', this.clock === null ? null : String(this.clock)],
      ['newest-generation', this.newestGeneration === null ? null : String(this.newestGeneration)],
      ['activating', this.activating > 0 ? 'yes' : null],
      ...this.failedUnits.map((unit) => ['failed-unit', unit] as const),
    ] as const
    const lines = answers.flatMap(([key, value]) => (value === null ? [] : [`${key}=${value}`]))
    return [`fleet-observation 1 ${nonce}`, ...lines, `fleet-observation end ${nonce}`, ''].join('\n')
  }

  ask(nonce: string): RemoteAnswer {
    this.questions += 1
    if (this.silent > 0) {
      this.silent -= 1
      return { how: 'no-answer', begun: false, failure: this.silence }
    }
    const stdout = this.observation(nonce)
    if (this.activating > 0) {
      this.activating -= 1
      if (this.activating === 0) this.ends()
    }
    return { how: 'answered', code: 0, stdout, stderr: '' }
  }
}

function kibibytes(bytes: number | null): string | null {
  return bytes === null ? null : String(Math.floor(bytes / 1024))
}

/** Stands for ssh: only what `observe` asks reaches its hosts, and the command to reboot. */
export class DoubleRemote implements Remote {
  readonly #hosts: ReadonlyMap<string, DoubleHost>

  constructor(hosts: ReadonlyMap<string, DoubleHost>) {
    this.#hosts = hosts
  }

  async run({ name }: Address, { script, args }: RemoteRequest, signal: AbortSignal): Promise<RemoteAnswer> {
    const host = this.#hosts.get(name)
    if (host !== undefined && script.includes('systemctl --no-block reboot')) {
      host.reboot()
      return { how: 'no-answer', begun: true, failure: noAnswer }
    }
    if (host === undefined || script !== observationScript)
      throw new Error(`the double knows no such question to ${name}`)
    const interrupted: Failure = { code: 'ssh/aborted', summary: 'interrupted', detail: 'The session was interrupted.' }
    if (signal.aborted) return { how: 'no-answer', begun: true, failure: interrupted }
    return host.ask(args[0] ?? '')
  }

  async transport({ settings }: { readonly settings: Pick<HostSettings, 'address'> }): Promise<Found<Transport>> {
    return { ok: true, value: { address: settings.address[0], config: '/dev/null' } }
  }
}
