import type { Fault } from './fault.ts'
import { randomOf } from './random.ts'

/** What a simulated host runs, and what its system profile points at. */
export interface SimulatedState {
  readonly system: string
  readonly profile: string | null
  /** The toplevel that the profile would boot. */
  readonly nextBoot: string | null
}

/** What is to be simulated of one host. */
export interface HostDescription extends SimulatedState {
  readonly name: string
  readonly hostname: string
  readonly platform: string
  readonly failedUnits: readonly string[]
  readonly fault: Fault
  readonly seed: number
}

/** One activation that an engine began on a host. */
export interface Activation {
  readonly what: 'activate' | 'roll-back'
  readonly found: SimulatedState
  readonly target: SimulatedState
}

/** Something that will have happened on a host at a moment, whoever watches. */
interface Coming {
  readonly at: number
  readonly happens: () => void
}

/** Milliseconds that no run waits. */
const never = 1_000_000_000

/** One machine in memory. What begins on it ends on it, whether or not its operator is still there. */
export class SimulatedHost {
  readonly name: string
  /** It may be mended between two runs. */
  fault: Fault
  readonly before: SimulatedState
  /** Every activation that an engine began, with what ran before it: the host's own log, which no run writes. */
  readonly activations: Activation[] = []
  /** How often an engine came while an activation was running. */
  collisions = 0
  /** All that it ever ran, in order. */
  readonly states: SimulatedState[] = []
  readonly #description: HostDescription
  readonly #random: () => number
  #state: SimulatedState
  #generation = 1
  #coming: Coming[] = []
  #silentUntil = 0
  #sickUntil = 0
  #flapMs = 1
  #boots = 1
  #booted: string

  constructor(description: HostDescription) {
    this.name = description.name
    this.fault = description.fault
    this.#description = description
    const { system, profile, nextBoot } = description
    this.before = { system, profile, nextBoot }
    this.#state = this.before
    this.states.push(this.before)
    this.#booted = system
    this.#random = randomOf(description.seed, description.name)
  }

  /** Milliseconds from `least` to `most`, drawn by this host. */
  takes(least: number, most: number): number {
    return Math.round(least + this.#random() * (most - least))
  }

  /** What it runs at that moment. */
  stateAt(now: number): SimulatedState {
    this.#advance(now)
    return this.#state
  }

  answersAt(now: number): boolean {
    this.#advance(now)
    return this.fault !== 'unreachable' && now >= this.#silentUntil
  }

  isActivatingAt(now: number): boolean {
    this.#advance(now)
    return this.#coming.length > 0
  }

  isHealthyAt(now: number): boolean {
    this.#advance(now)
    const isNew = this.#state.system !== this.before.system
    if (this.fault === 'sickens' && isNew) return false
    if (this.fault === 'stays-sick' && this.activations.length > 0) return false
    if (now >= this.#sickUntil) return true
    return Math.floor(now / this.#flapMs) % 2 === 0
  }

  /** Sets what it runs from then on; another profile is a new generation. */
  set(state: SimulatedState): void {
    if (state.profile !== this.#state.profile) this.#generation += 1
    if (state.profile !== this.#state.profile || state.system !== this.#state.system) this.states.push(state)
    this.#state = state
  }

  /** How often it has booted. */
  get boots(): number {
    return this.#boots
  }

  /** Boots what its profile holds; one whose changes fail or are lost does not come back, one that lies goes on as it is. */
  reboot(now: number): void {
    if (this.fault === 'lies') return
    const isLost = ['fails', 'stuck', 'hangs', 'falls-silent'].includes(this.fault)
    this.#silentUntil = now + (isLost ? never : this.takes(20_000, 90_000))
    if (this.fault === 'flaps') this.flap(now + 600_000, 20_000)
    this.#boots += 1
    this.#booted = this.#state.nextBoot ?? this.#state.system
    this.set({ ...this.#state, system: this.#booted })
  }

  /** Lets something happen at a moment to come. */
  at(moment: number, happens: () => void): void {
    this.#coming.push({ at: moment, happens })
  }

  fallSilent(until: number): void {
    this.#silentUntil = until
  }

  /** Healthy and unhealthy by turns, each for `flapMs`, until that moment. */
  flap(until: number, flapMs: number): void {
    this.#sickUntil = until
    this.#flapMs = flapMs
  }

  /** What the observation script prints on it, between the lines that carry the nonce. */
  observation(nonce: string, now: number): string {
    this.#advance(now)
    const { hostname, platform, failedUnits } = this.#description
    const { system, profile, nextBoot } = this.#state
    const answers = [
      `system=${system}`,
      ...(profile === null ? [] : [`profile=${profile}`]),
      ...(nextBoot === null ? [] : [`next-boot=${nextBoot}`]),
      `booted=${this.#booted}`,
      `boot-id=${this.name}-${this.#boots}`,
      `generation=${this.#generation}`,
      'profile-age=86400',
      `hostname=${hostname}`,
      `platform=${platform}`,
      'root=yes',
      'system-state=running',
      'free-nix=1000000000',
      'free-boot=1000000000',
      ...failedUnits.map((unit) => `failed-unit=${unit}`),
      ...(this.#coming.length > 0 ? ['activating=yes'] : []),
    ]
    return [`fleet-observation 1 ${nonce}`, ...answers, `fleet-observation end ${nonce}`, ''].join('\n')
  }

  #advance(now: number): void {
    if (this.#coming.length === 0) return
    const due = this.#coming.filter(({ at }) => at <= now)
    this.#coming = this.#coming.filter(({ at }) => at > now)
    for (const { happens } of due) happens()
  }
}
