import type { Code } from '../../../src/model/codes/codes.ts'
import type { Failure } from '../../../src/model/plan/plan-schema.ts'
import type { Found } from '../../../src/model/host/system.ts'
import type { Clock } from '../../../src/ports/clock.ts'
import type { HeldHostLock, HostLocks, LockHolder, LockRequest } from '../../../src/ports/lock.ts'
import type { Roots } from '../../../src/ports/roots.ts'
import type { Address } from '../../../src/ports/remote.ts'

/** One machine's lock and what its store holds, as the double keeps them. */
interface Machine {
  holder: LockHolder | null
  lost: AbortController
  /** Waits for the lock to be free. */
  readonly waiting: Set<() => void>
  readonly roots: Set<string>
}

/** Stands for the lock programs on hosts, for any number of operators: in memory, in the order of asking. */
export class DoubleLocks implements HostLocks {
  /** How many of the next tries of a host fail, and with what. */
  readonly failures = new Map<string, Failure[]>()
  /** Store paths that are nowhere; everything else that was asked for is missing from no store but is copied. */
  readonly gone = new Set<string>()
  /** Paths that hosts do not have yet; those of a closure unless a test says otherwise. */
  lacks: (host: string, paths: readonly string[]) => readonly string[] = () => []
  /** Every lock that was taken and given back, in order. */
  readonly story: string[] = []
  readonly #machines: Map<string, Machine>
  readonly #clock: Clock

  constructor(clock: Clock, shared: DoubleLocks | null = null) {
    this.#clock = clock
    this.#machines = shared === null ? new Map<string, Machine>() : shared.#machines
  }

  async acquire({ name }: Address, request: LockRequest, signal: AbortSignal): Promise<Found<HeldHostLock>> {
    const failure = this.failures.get(name)?.shift()
    if (failure !== undefined) return { ok: false, failure }
    const machine = this.#machine(name)
    const until = this.#clock.now() + request.timeoutMs
    while (machine.holder !== null) {
      const { id, who, run } = machine.holder
      if (request.timeoutMs > 0) request.onWaiting(machine.holder)
      if (signal.aborted) return refused('lock/aborted', 'interrupted')
      if (this.#clock.now() >= until) return refused('lock/held', `It is held by ${who}, run ${run} (lock ${id}).`)
      await this.#freed(machine, until, signal)
    }
    if (signal.aborted) return refused('lock/aborted', 'interrupted')
    machine.holder = request.holder
    machine.lost = new AbortController()
    this.story.push(`lock ${name}`)
    return { ok: true, value: this.#held(name, machine, request.holder) }
  }

  async read({ name }: Address): Promise<Found<LockHolder | null>> {
    return { ok: true, value: this.#machine(name).holder }
  }

  async remove({ name }: Address, id: string): Promise<Found<boolean>> {
    if (this.#machine(name).holder?.id !== id) return { ok: true, value: false }
    this.lose(name)
    return { ok: true, value: true }
  }

  /** Ends a lock as a connection does that breaks. */
  lose(name: string): void {
    const machine = this.#machine(name)
    this.#free(machine)
    machine.lost.abort(new Error('its connection was cut'))
  }

  /** Who holds a host, and what is rooted on it. */
  at(name: string): { readonly holder: LockHolder | null; readonly roots: readonly string[] } {
    const { holder, roots } = this.#machine(name)
    return { holder, roots: [...roots] }
  }

  /** Locks a host as somebody else. */
  occupy(name: string, who = 'bob@home'): void {
    const holder = { id: `lock-of-${name}`, who, run: '20260101T000000Z-bob', since: '2026-01-01T00:00:00Z' }
    this.#machine(name).holder = holder
  }

  free(name: string): void {
    this.#free(this.#machine(name))
  }

  #held(name: string, machine: Machine, holder: LockHolder): HeldHostLock {
    const { lost } = machine
    const gone: Found<never> = refused('ssh/connection-lost', 'its connection was cut')
    return {
      lost: lost.signal,
      release: async () => {
        if (machine.holder?.id !== holder.id) return
        this.#free(machine)
        this.story.push(`free ${name}`)
      },
      protect: async (paths) => {
        if (lost.signal.aborted) return gone
        machine.roots.clear()
        for (const path of paths) machine.roots.add(path)
        return { ok: true, value: null }
      },
      unprotect: async () => {
        if (lost.signal.aborted) return gone
        machine.roots.clear()
        return { ok: true, value: null }
      },
      missing: async (paths) => {
        if (lost.signal.aborted) return gone
        const lacking = new Set(this.lacks(name, paths))
        return { ok: true, value: new Set(paths.filter((path) => this.gone.has(path) || lacking.has(path))) }
      },
    }
  }

  #machine(name: string): Machine {
    const known = this.#machines.get(name)
    if (known !== undefined) return known
    const machine = {
      holder: null,
      lost: new AbortController(),
      waiting: new Set<() => void>(),
      roots: new Set<string>(),
    }
    this.#machines.set(name, machine)
    return machine
  }

  #free(machine: Machine): void {
    machine.holder = null
    for (const wake of machine.waiting) wake()
  }

  /** Resolves when the lock is free, the time is over or `signal` fires. */
  #freed(machine: Machine, until: number, signal: AbortSignal): Promise<void> {
    const awake = new AbortController()
    const freed = new Promise<void>((resolve) => {
      machine.waiting.add(resolve)
    })
    const late = this.#clock.sleep(until - this.#clock.now(), AbortSignal.any([signal, awake.signal]))
    return Promise.race([freed, late]).finally(() => awake.abort())
  }
}

function refused<T>(code: Code, detail: string): Found<T> {
  return { ok: false, failure: { code, summary: 'locked by another run', detail } }
}

/** Stands for the garbage-collector roots of the operator's Nix. */
export class DoubleRoots implements Roots {
  readonly kept = new Map<string, string>()

  async add(path: string, root: string): Promise<void> {
    this.kept.set(root, path)
  }

  async remove(root: string): Promise<void> {
    for (const kept of this.kept.keys()) if (kept === root || kept.startsWith(`${root}/`)) this.kept.delete(kept)
  }
}
