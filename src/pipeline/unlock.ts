import pLimit from 'p-limit'
import { type Diagnostic, diagnostic } from '../model/diagnostic.ts'
import { tellFailure } from '../model/failure.ts'
import type { Host } from '../model/fleet/fleet.ts'
import type { Found } from '../model/host/system.ts'
import type { FleetLock, HostLocks, LockHolder } from '../ports/lock.ts'
import type { Remote } from '../ports/remote.ts'
import { observe } from './observe/observe.ts'

/** One lock that somebody holds: on a host, or that of the whole fleet. */
export interface FoundLock {
  readonly host: Host | null
  readonly holder: LockHolder
}

/** Every lock that is held, and why some could not be asked for. */
export interface Locks {
  readonly held: readonly FoundLock[]
  readonly diagnostics: readonly Diagnostic[]
}

export interface UnlockPorts {
  readonly remote: Remote
  readonly locks: HostLocks
  /** Null: the fleet has none. */
  readonly fleetLock: FleetLock | null
}

/** Asks hosts, and the server of the fleet lock, who holds what. Takes nothing, changes nothing. */
export async function findLocks(
  hosts: readonly Host[],
  parallelism: number,
  { locks, fleetLock }: UnlockPorts,
  signal: AbortSignal,
): Promise<Locks> {
  const limit = pLimit(parallelism)
  const [ofFleet, ...ofHosts] = await Promise.all([
    fleetLock === null ? null : look(null, () => fleetLock.read(signal)),
    ...hosts.map((host) => limit(() => look(host, () => locks.read(host, signal)))),
  ])
  const all = [...ofHosts, ...(ofFleet === null ? [] : [ofFleet])]
  return {
    held: all.flatMap(({ held }) => (held === null ? [] : [held])),
    diagnostics: all.flatMap(({ problem }) => (problem === null ? [] : [problem])),
  }
}

async function look(
  host: Host | null,
  read: () => Promise<Found<LockHolder | null>>,
): Promise<{ readonly held: FoundLock | null; readonly problem: Diagnostic | null }> {
  const found = await read()
  if (found.ok) return { held: found.value === null ? null : { host, holder: found.value }, problem: null }
  const what = host === null ? 'The fleet lock' : host.name
  const detail = `${what} did not answer: ${tellFailure(found.failure)}`
  const more = { host: host?.name ?? null, severity: 'warning' } as const
  return { held: null, problem: diagnostic('unlock/not-read', 'a lock could not be read', detail, more) }
}

/**
 * Removes a lock that was found. One of a host on which an activation runs stays: whoever came next would find the host in
 * the middle of a change. Null: it was removed, or had gone meanwhile.
 */
export async function removeLock(
  { host, holder }: FoundLock,
  { remote, locks, fleetLock }: UnlockPorts,
  signal: AbortSignal,
): Promise<Diagnostic | null> {
  if (host === null) {
    const removed = (await fleetLock?.remove(holder.id, signal)) ?? null
    return removed === null || removed.ok ? null : notRemoved(null, tellFailure(removed.failure))
  }
  const found = await observe({ ...host, withRoot: false }, remote, signal)
  if (!found.ok)
    return notRemoved(host.name, `Whether an activation runs on it is unknown: ${tellFailure(found.failure)}`)
  if (found.value.activating) {
    const detail = `An activation is running on ${host.name}. Its lock stays until that has ended: wait, and look with \`fleet status\`.`
    return diagnostic('unlock/activating', 'an activation is running', detail, { host: host.name })
  }
  const removed = await locks.remove(host, holder.id, signal)
  return removed.ok ? null : notRemoved(host.name, tellFailure(removed.failure))
}

function notRemoved(host: string | null, why: string): Diagnostic {
  return diagnostic('unlock/failed', 'the lock could not be removed', why, { host })
}
