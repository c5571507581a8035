import { followsFrom } from '../../model/codes/codes.ts'
import type { Fact } from '../../model/run/event.ts'
import type { Failure } from '../../model/plan/plan-schema.ts'
import type { Found } from '../../model/host/system.ts'
import type { HeldHostLock, LockHolder } from '../../ports/lock.ts'
import type { HostWork } from './task.ts'

/** Connections that are tried before a host counts as unreachable; a refused login is tried once. */
export const connections = 3

/** True for what another connection may not meet. */
export function isRetriable({ code }: Failure): boolean {
  return followsFrom(code).again === 'may-pass'
}

/** A host's lock for as long as this run works on the host; what happens to it is told. */
export class HostLock {
  readonly #work: Pick<HostWork, 'task' | 'ports'>
  #lock: HeldHostLock
  #isOver = false
  /** It goes with a reboot of ours. */
  #isGoing = false

  private constructor(work: Pick<HostWork, 'task' | 'ports'>, lock: HeldHostLock) {
    this.#work = work
    this.#lock = lock
    this.#watch()
  }

  /** Takes the lock, waiting for who holds it as long as the run may. */
  static async take({ task, ports, signal }: HostWork): Promise<Found<HostLock>> {
    const taken = await acquire({ task, ports, signal })
    return taken.ok ? { ok: true, value: new HostLock({ task, ports }, taken.value) } : taken
  }

  get isLost(): boolean {
    return this.#lock.lost.aborted
  }

  /** Takes a lock again that was lost: before anything is done to a host, and before its state is believed. */
  async reacquire(signal: AbortSignal): Promise<Found<null>> {
    if (!this.isLost) return { ok: true, value: null }
    const taken = await acquire({ ...this.#work, signal })
    if (!taken.ok) return taken
    this.#lock = taken.value
    this.#watch()
    return { ok: true, value: null }
  }

  /** Takes the lock anew once the host is back from a reboot, with which it was bound to go. */
  async afterReboot(reboot: () => Promise<boolean>, signal: AbortSignal): Promise<Found<null>> {
    const old = this.#lock
    this.#isGoing = true
    const isBack = await reboot()
    await old.release()
    this.#isGoing = false
    if (!isBack) return { ok: true, value: null }
    const taken = await acquire({ ...this.#work, signal })
    if (!taken.ok) return taken
    this.#lock = taken.value
    this.#watch()
    return { ok: true, value: null }
  }

  /** Keeps store paths from the host's garbage collector, and says which of them are not there. */
  async protect(paths: readonly string[], signal: AbortSignal): Promise<Found<ReadonlySet<string>>> {
    const kept = await this.#lock.protect(paths, signal)
    return kept.ok ? this.missing(paths, signal) : kept
  }

  /** Those of the store paths that the host does not have. */
  missing(paths: readonly string[], signal: AbortSignal): Promise<Found<ReadonlySet<string>>> {
    return this.#lock.missing(paths, signal)
  }

  /** Gives the lock back; `keep` leaves what was protected so until the next run on the host. */
  async release(roots: 'keep' | 'drop'): Promise<void> {
    if (this.#isOver) return
    this.#isOver = true
    if (this.isLost) return
    // A connection that goes now leaves roots behind, which whoever locks the host next removes.
    if (roots === 'drop') await this.#lock.unprotect(new AbortController().signal)
    await this.#lock.release()
    this.#work.task.emit({ type: 'lock.released', host: this.#work.task.name })
  }

  #watch(): void {
    const { lost } = this.#lock
    const tell = () => {
      if (this.#isOver || this.#isGoing || lost !== this.#lock.lost) return
      const reason = lost.reason instanceof Error ? lost.reason.message : String(lost.reason)
      this.#work.task.emit({ type: 'lock.lost', host: this.#work.task.name, reason })
    }
    if (lost.aborted) tell()
    else lost.addEventListener('abort', tell, { once: true })
  }
}

/** Takes a host's lock; a connection that fails is tried again with growing pauses, a refusal is not. */
async function acquire({ task, ports: { locks, clock }, signal }: HostWork): Promise<Found<HeldHostLock>> {
  const { name, run, operator, lockTimeoutMs, emit, planned, bootingMs } = task
  const until = clock.now() + bootingMs
  for (let attempt = 1; ; attempt += 1) {
    const since = new Date(clock.now()).toISOString()
    const holder: LockHolder = { id: crypto.randomUUID(), who: operator, run, since }
    const onWaiting = (other: LockHolder | null) => emit(lockWaiting(name, other))
    const taken = await locks.acquire(
      { name, settings: planned.settings },
      { holder, timeoutMs: lockTimeoutMs, onWaiting },
      signal,
    )
    if (taken.ok) {
      emit({ type: 'lock.acquired', host: name })
      return taken
    }
    const isLast = attempt >= connections && clock.now() >= until
    if (!isRetriable(taken.failure) || isLast || signal.aborted) return taken
    await clock.sleep(Math.min(attempt, connections) * 1000, signal)
  }
}

/** Says who holds a lock that is waited for; `host` is null for the fleet lock. */
export function lockWaiting(host: string | null, other: LockHolder | null): Fact {
  const holder = other === null ? 'an unknown holder' : `${other.who}, run ${other.run}`
  return { type: 'lock.waiting', host, holder, id: other?.id ?? null, since: other?.since ?? null }
}
