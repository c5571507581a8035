import { failed } from '../../model/failure.ts'
import type { Code } from '../../model/codes/codes.ts'
import type { Failure } from '../../model/plan/plan-schema.ts'
import type { Found } from '../../model/host/system.ts'
import type { FleetLock, HeldHostLock, HostLocks, LockHolder, LockRequest } from '../../ports/lock.ts'
import type { Session } from './session.ts'

interface Held {
  readonly holder: LockHolder
  readonly lost: AbortController
}

/** Who holds which simulated host; all sessions of a fleet share it. */
export class LockTable {
  readonly #held = new Map<string, Held>()

  holderOf(name: string): LockHolder | null {
    return this.#held.get(name)?.holder ?? null
  }

  take(name: string, holder: LockHolder): AbortSignal {
    const lost = new AbortController()
    this.#held.set(name, { holder, lost })
    return lost.signal
  }

  /** True when it was held under that id. */
  release(name: string, id: string): boolean {
    return this.holderOf(name)?.id === id && this.#held.delete(name)
  }

  /** Ends a lock as a connection does that breaks. */
  lose(name: string): void {
    const held = this.#held.get(name)
    this.#held.delete(name)
    held?.lost.abort(new Error('the connection was lost'))
  }

  /** How many are held. */
  get size(): number {
    return this.#held.size
  }
}

/** Milliseconds between two tries to take what somebody else holds. */
const pause = 1_000

/** Locks of simulated hosts: gone with the session that took them. */
export function simulatedLocks(session: Session, table: LockTable): HostLocks {
  return {
    acquire: ({ name }, request, signal) => acquire(name, request, { session, table }, signal),
    async read({ name }) {
      return { ok: true, value: table.holderOf(name) }
    },
    async remove({ name }, id) {
      return { ok: true, value: table.release(name, id) }
    },
  }
}

/** The lock of the whole fleet, which no session's end takes away. */
export function simulatedFleetLock(session: Session, table: LockTable): FleetLock {
  return {
    async acquire(request, signal) {
      const taken = await acquire('', request, { session, table }, signal)
      if (!taken.ok) return taken
      const lock = taken.value
      const release = async () => {
        await lock.release()
        return { ok: true, value: null } as const
      }
      return { ok: true, value: { lost: lock.lost, release } }
    },
    async read() {
      return { ok: true, value: table.holderOf('') }
    },
    async remove(id) {
      return { ok: true, value: table.release('', id) }
    },
  }
}

async function acquire(
  name: string,
  { holder, timeoutMs, onWaiting }: LockRequest,
  { session, table }: { readonly session: Session; readonly table: LockTable },
  signal: AbortSignal,
): Promise<Found<HeldHostLock>> {
  if (!session.isAlive) await session.alive()
  const until = session.clock.now() + timeoutMs
  let told: string | null = null
  for (;;) {
    const other = table.holderOf(name)
    if (other === null) break
    if (signal.aborted) return notTaken('lock/aborted', 'interrupted while waiting for a lock')
    if (session.clock.now() >= until)
      return notTaken('lock/held', `locked by another run: ${other.who}, run ${other.run}`)
    if (told !== other.id) onWaiting(other)
    told = other.id
    await session.clock.sleep(pause, signal)
  }
  if (!session.isAlive) await session.alive()
  const lost = table.take(name, holder)
  const free = () => table.release(name, holder.id)
  const stopListening = name === '' ? null : session.onKill(free)
  return {
    ok: true,
    value: {
      lost,
      async release() {
        if (!session.isAlive) await session.alive()
        stopListening?.()
        free()
      },
      // What a simulated store holds it keeps.
      protect: async () => (lost.aborted ? gone : { ok: true, value: null }),
      unprotect: async () => (lost.aborted ? gone : { ok: true, value: null }),
      missing: async () => (lost.aborted ? gone : { ok: true, value: new Set<string>() }),
    },
  }
}

const gone = notTaken('ssh/connection-lost', 'the connection was lost')

function notTaken(code: Code, detail: string): { readonly ok: false; readonly failure: Failure } {
  return failed(code, 'the lock could not be taken', detail)
}
