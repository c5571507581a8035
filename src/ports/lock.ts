import type { Found } from '../model/host/system.ts'
import type { Address } from './remote.ts'

/** Who holds a lock, as the lock itself tells it; what another program wrote is cleaned of control characters. */
export interface LockHolder {
  /** Names this one lock, for `fleet unlock`. */
  readonly id: string
  /** user@machine. */
  readonly who: string
  readonly run: string
  /** RFC 3339, by the clock of the one who took it. */
  readonly since: string
}

export interface LockRequest {
  readonly holder: LockHolder
  /** Milliseconds to wait for somebody else to let go; 0: do not wait. */
  readonly timeoutMs: number
  /** Told who holds it, once for each change of holder. Null: somebody who left no readable record. */
  readonly onWaiting: (holder: LockHolder | null) => void
}

/** The lock of one host: a program on it, as root, that can also look after the store while it is there. */
export interface HeldHostLock {
  /** Fires when the lock is gone without having been released, e.g. with its connection; the reason is an Error. */
  readonly lost: AbortSignal
  /** Gives the lock back; a lock that was lost already is fine. */
  release(): Promise<void>
  /**
   * Keeps paths from the host's garbage collector, now and once they are there, until `unprotect`; what dead runs left
   * rooted is let go. Asks nothing of the network but the connection that holds the lock.
   */
  protect(paths: readonly string[], signal: AbortSignal): Promise<Found<null>>
  /** Lets go of what this run has protected. */
  unprotect(signal: AbortSignal): Promise<Found<null>>
  /** Those of the store paths that are not valid on the host. */
  missing(paths: readonly string[], signal: AbortSignal): Promise<Found<ReadonlySet<string>>>
}

/**
 * Locks of single hosts: gone with the process, the connection or a reboot. Locks are taken in the order in which they
 * were asked for, so that two runs over the same hosts never wait for each other. Failures: `lock/held` (the time was
 * over; the detail names the holder), `lock/aborted`, `lock/sudo`, `lock/failed`, and those of a connection (`ssh/…`).
 */
export interface HostLocks {
  acquire(host: Address, request: LockRequest, signal: AbortSignal): Promise<Found<HeldHostLock>>
  /** Who holds it now; null: nobody. */
  read(host: Address, signal: AbortSignal): Promise<Found<LockHolder | null>>
  /** Ends the lock with that id; false: it is not there. */
  remove(host: Address, id: string, signal: AbortSignal): Promise<Found<boolean>>
}

/** The fleet lock that this run holds. */
export interface HeldFleetLock {
  /** Fires when the lock is gone without having been released; the reason is an Error. */
  readonly lost: AbortSignal
  /** Gives the lock back; `lock/not-released` where its server does not say that it is free now. One that was removed already is fine. */
  release(): Promise<Found<null>>
}

/**
 * One lock for the whole fleet, kept elsewhere. It never expires by itself. Failures: `lock/held`, `lock/aborted`,
 * `lock/refused`, `lock/server`, and `lock/not-released`, where its server may have granted it and does not take it back.
 */
export interface FleetLock {
  acquire(request: LockRequest, signal: AbortSignal): Promise<Found<HeldFleetLock>>
  /** Who holds it now; null: nobody. Asking takes it for a moment, which is the protocol's only way to ask. */
  read(signal: AbortSignal): Promise<Found<LockHolder | null>>
  /** Ends the lock with that id; false: it is not there. */
  remove(id: string, signal: AbortSignal): Promise<Found<boolean>>
}
