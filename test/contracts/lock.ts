import { describe, expect, test } from 'vitest'
import type { HeldHostLock, HostLocks, LockHolder, LockRequest } from '../../src/ports/lock.ts'
import type { Address } from '../../src/ports/remote.ts'

/** Two operators at work on the same hosts, each with a connection of their own. */
export interface LockWorld {
  readonly ours: HostLocks
  readonly theirs: HostLocks
  /** Two hosts that nobody has locked. */
  readonly hosts: readonly [Address, Address]
  /** Cuts every connection to a host. */
  readonly cut: (host: Address) => Promise<void>
}

const never = new AbortController().signal

function holderOf(who: string): LockHolder {
  return { id: crypto.randomUUID(), who, run: `20260101T000000Z-${who.slice(0, 3)}`, since: '2026-01-01T00:00:00Z' }
}

function requestOf(who: string, more: Partial<LockRequest> = {}): LockRequest {
  return { holder: holderOf(who), timeoutMs: 0, onWaiting: () => {}, ...more }
}

/** What every kind of host lock keeps to; `open` gives the world in which it is tried. */
export function lockContract(kind: string, open: () => LockWorld): void {
  async function taken(locks: HostLocks, host: Address, request: LockRequest): Promise<HeldHostLock> {
    const found = await locks.acquire(host, request, never)
    if (!found.ok) throw new Error(`${found.failure.code}: ${found.failure.detail}`)
    return found.value
  }

  describe(`the lock of a host (${kind})`, () => {
    test('is held by one, readable by all, and free again when it is given back', async () => {
      const { ours, theirs, hosts } = open()
      const request = requestOf('ann@office')
      const lock = await taken(ours, hosts[0], request)
      expect(await theirs.read(hosts[0], never)).toEqual({ ok: true, value: request.holder })
      expect(await theirs.read(hosts[1], never)).toEqual({ ok: true, value: null })
      await lock.release()
      expect(lock.lost.aborted).toBe(false)
      expect(await theirs.read(hosts[0], never)).toEqual({ ok: true, value: null })
    })

    test('refuses who does not want to wait, and names the holder', async () => {
      const { ours, theirs, hosts } = open()
      const request = requestOf('ann@office')
      const lock = await taken(ours, hosts[0], request)
      const refused = await theirs.acquire(hosts[0], requestOf('bob@home'), never)
      expect(refused).toMatchObject({ ok: false, failure: { code: 'lock/held' } })
      if (!refused.ok)
        for (const word of ['ann@office', request.holder.run, request.holder.id])
          expect(refused.failure.detail).toContain(word)
      await lock.release()
    })

    test('is waited for, and who waits is told once who holds it', async () => {
      const { ours, theirs, hosts } = open()
      const request = requestOf('ann@office')
      const lock = await taken(ours, hosts[0], request)
      const told: (LockHolder | null)[] = []
      let letGo = () => {}
      const isTold = new Promise<void>((resolve) => {
        letGo = resolve
      })
      const waiting = taken(
        theirs,
        hosts[0],
        requestOf('bob@home', {
          timeoutMs: 60_000,
          onWaiting: (holder) => {
            told.push(holder)
            letGo()
          },
        }),
      )
      await isTold
      await lock.release()
      await (await waiting).release()
      expect(told).toEqual([request.holder])
    })

    test('that is waited for in vain ends with the interrupt', async () => {
      const { ours, theirs, hosts } = open()
      const lock = await taken(ours, hosts[0], requestOf('ann@office'))
      const stop = new AbortController()
      const waiting = theirs.acquire(
        hosts[0],
        requestOf('bob@home', { timeoutMs: 60_000, onWaiting: () => stop.abort() }),
        stop.signal,
      )
      expect(await waiting).toMatchObject({ ok: false, failure: { code: 'lock/aborted' } })
      await lock.release()
    })

    test('is gone with its connection, and says so', async () => {
      const { ours, theirs, hosts, cut } = open()
      const lock = await taken(ours, hosts[0], requestOf('ann@office'))
      const lost = new Promise<unknown>((resolve) =>
        lock.lost.addEventListener('abort', () => resolve(lock.lost.reason)),
      )
      await cut(hosts[0])
      expect(await lost).toBeInstanceOf(Error)
      await (await taken(theirs, hosts[0], requestOf('bob@home', { timeoutMs: 30_000 }))).release()
      await lock.release()
    })

    test('is ended by its id, and by no other', async () => {
      const { ours, theirs, hosts } = open()
      const request = requestOf('ann@office')
      const lock = await taken(ours, hosts[0], request)
      const lost = new Promise<void>((resolve) => lock.lost.addEventListener('abort', () => resolve()))
      expect(await theirs.remove(hosts[0], 'another', never)).toEqual({ ok: true, value: false })
      expect(await theirs.remove(hosts[0], request.holder.id, never)).toEqual({ ok: true, value: true })
      await lost
      expect(await theirs.read(hosts[0], never)).toEqual({ ok: true, value: null })
      expect(await theirs.remove(hosts[0], request.holder.id, never)).toEqual({ ok: true, value: false })
    })

    test('of one host says nothing about another', async () => {
      const { ours, theirs, hosts } = open()
      const lock = await taken(ours, hosts[0], requestOf('ann@office'))
      const other = await taken(theirs, hosts[1], requestOf('bob@home'))
      expect([lock.lost.aborted, other.lost.aborted]).toEqual([false, false])
      await other.release()
      await lock.release()
    })

    test('of two hosts is taken by two runs in one order: neither waits for the other for ever', async () => {
      const { ours, theirs, hosts } = open()
      const both = async (locks: HostLocks, who: string) => {
        const held = await Promise.all(hosts.map((host) => taken(locks, host, requestOf(who, { timeoutMs: 60_000 }))))
        for (const lock of held) await lock.release()
        return held.length
      }
      expect(await Promise.all([both(ours, 'ann@office'), both(theirs, 'bob@home')])).toEqual([2, 2])
    })
  })
}
