import type { Failure, HostSettings } from '../../src/model/plan-schema.ts'
import { observationScript } from '../../src/pipeline/observation-script.ts'
import type { Address, Remote, RemoteAnswer, RemoteRequest, Transport } from '../../src/ports/remote.ts'
import { storePath } from './sample-plan.ts'

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
  /** How often it was asked what it runs. */
  questions = 0

  constructor(name: string) {
    this.name = name
    this.hostname = name
    this.system = storePath('a', `nixos-system-${name}-25.05`)
    this.profile = this.system
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
      ['booted', storePath('a', `nixos-system-${this.name}-25.05`)],
      ['generation', String(this.generation)],
      ['profile-age', this.profileAge === null ? null : String(this.profileAge)],
      ['hostname', this.hostname],
      ['platform', this.platform],
      ['root', this.mayActAsRoot ? 'yes' : 'no'],
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

/** Stands for ssh: only what `observe` asks reaches its hosts. */
export class DoubleRemote implements Remote {
  readonly #hosts: ReadonlyMap<string, DoubleHost>

  constructor(hosts: ReadonlyMap<string, DoubleHost>) {
    this.#hosts = hosts
  }

  async run({ name }: Address, { script, args }: RemoteRequest, signal: AbortSignal): Promise<RemoteAnswer> {
    const host = this.#hosts.get(name)
    if (host === undefined || script !== observationScript)
      throw new Error(`the double knows no such question to ${name}`)
    const interrupted = { code: 'ssh/aborted', summary: 'interrupted', detail: 'The session was interrupted.' }
    if (signal.aborted) return { how: 'no-answer', begun: true, failure: interrupted }
    return host.ask(args[0] ?? '')
  }

  async transport({ settings }: { readonly settings: Pick<HostSettings, 'address'> }): Promise<Transport> {
    return { address: settings.address[0], config: '/dev/null' }
  }
}
