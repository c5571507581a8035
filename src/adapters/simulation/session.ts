import type { Clock } from '../../ports/clock.ts'
import type { SimulatedHost } from './host.ts'
import type { VirtualClock } from './virtual-clock.ts'

/** Machines in memory, by name. They outlive the runs that change them. */
export class SimulatedFleet {
  readonly clock: VirtualClock
  readonly hosts: ReadonlyMap<string, SimulatedHost>

  constructor(clock: VirtualClock, hosts: Iterable<SimulatedHost>) {
    this.clock = clock
    this.hosts = new Map([...hosts].map((host) => [host.name, host]))
  }

  host(name: string): SimulatedHost {
    const host = this.hosts.get(name)
    if (host === undefined) throw new Error(`bug: no simulated host ${name}`)
    return host
  }
}

/**
 * One `fleet` process at work on a simulated fleet. When it is killed, nothing that it waits for comes any more; what it has
 * begun on hosts goes on there.
 */
export class Session {
  readonly fleet: SimulatedFleet
  readonly clock: Clock
  readonly #onKill = new Set<() => void>()
  #isAlive = true

  constructor(fleet: SimulatedFleet) {
    this.fleet = fleet
    this.clock = { now: () => fleet.clock.now(), sleep: (milliseconds, signal) => this.#sleep(milliseconds, signal) }
  }

  get isAlive(): boolean {
    return this.#isAlive
  }

  /** As `kill -9` does. */
  kill(): void {
    this.#isAlive = false
    for (const end of this.#onKill) end()
  }

  /** What the kernel does when the process is gone; it need not any more once the returned function is called. */
  onKill(end: () => void): () => void {
    this.#onKill.add(end)
    return () => this.#onKill.delete(end)
  }

  /** Resolves at once while the process lives, and never again when it is gone. */
  alive(): Promise<void> {
    return this.#isAlive ? Promise.resolve() : new Promise(() => {})
  }

  async #sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
    await this.fleet.clock.sleep(milliseconds, signal)
    if (!this.#isAlive) await this.alive()
  }
}
