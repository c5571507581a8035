import { failed } from '../../model/failure.ts'
import type { Found } from '../../model/host/system.ts'
import type { Clock } from '../../ports/clock.ts'
import type { HeldHostLock, HostLocks, LockHolder, LockRequest } from '../../ports/lock.ts'
import type { Address, Remote, RemoteRequest } from '../../ports/remote.ts'
import { holderOf, tellHolder } from './holder.ts'
import { readScript, removeScript } from './host-script.ts'
import { notStarted } from './not-started.ts'
import { LockSession } from './host-session.ts'
import { Turns } from './turns.ts'

/** Milliseconds between two tries to take what somebody else holds. */
const pause = 1000
/** Somebody who only asks shares the lock for a moment: so often it is tried, whatever the time. */
const leastTries = 3
const leastPause = 250
/** Milliseconds that a host may take for a short answer once the connection is up. */
const answerTime = 30_000

/** Locks that live in a program on the host, at the other end of a connection (see host-script.ts). */
export function hostLocks(remote: Remote, clock: Clock): HostLocks {
  const turns = new Turns()
  return {
    acquire: (host, request, signal) => acquire(host, request, { remote, clock, turns }, signal),
    async read(host, signal) {
      const found = await ask(host, { script: readScript, args: [], asRoot: false }, remote, signal)
      if (!found.ok) return found
      const holder = holderOf(found.value.flatMap((line) => (line.startsWith('holder ') ? [line.slice(7)] : [])))
      return { ok: true, value: found.value.includes('busy') ? (holder ?? unnamed) : null }
    },
    async remove(host, id, signal) {
      const found = await ask(host, { script: removeScript, args: [id], asRoot: true }, remote, signal)
      if (!found.ok) return found
      if (!found.value.includes('busy')) return { ok: true, value: found.value.includes('removed') }
      return failed(
        'unlock/failed',
        'the lock could not be removed',
        `Its holder on ${host.name} could not be ended: look for its process on the host.`,
      )
    },
  }
}

const unnamed: LockHolder = { id: '', who: '', run: '', since: '' }

interface World {
  readonly remote: Remote
  readonly clock: Clock
  readonly turns: Turns
}

async function acquire(
  host: Address,
  request: LockRequest,
  { remote, clock, turns }: World,
  signal: AbortSignal,
): Promise<Found<HeldHostLock>> {
  const turn = turns.next()
  const until = clock.now() + request.timeoutMs
  const session = new LockSession(host, request.holder, remote, clock)
  try {
    const ready = await session.ready(signal)
    if (!ready.ok) return ready
    await turn.comes(signal)
    const taken = await take(session, { ...request, until }, clock, signal)
    if (!taken.ok) await session.end()
    return taken
  } finally {
    turn.done()
  }
}

async function take(
  session: LockSession,
  { onWaiting, until }: LockRequest & { readonly until: number },
  clock: Clock,
  signal: AbortSignal,
): Promise<Found<HeldHostLock>> {
  let told: string | null | undefined
  for (let tries = 1; ; tries += 1) {
    if (signal.aborted) return failed('lock/aborted', 'interrupted', 'Waiting for the lock was interrupted.')
    const answer = await session.ask('take', [], signal)
    if (!answer.ok) return answer
    if (answer.value.said === 'held') return { ok: true, value: session.held() }
    const holder = holderOf(answer.value.lines.flatMap((line) => (line.startsWith('holder ') ? [line.slice(7)] : [])))
    const isLate = clock.now() >= until
    if (isLate && tries >= leastTries)
      return failed('lock/held', 'locked by another run', `It is held by ${tellHolder(holder)}.`)
    if (tries >= leastTries && told !== (holder?.id ?? null)) {
      told = holder?.id ?? null
      onWaiting(holder)
    }
    await clock.sleep(tries < leastTries ? leastPause : Math.min(pause, Math.max(1, until - clock.now())), signal)
  }
}

/** The answer of a short script: its lines between the first and the end, without the mark that they carry. */
async function ask(
  host: Address,
  { script, args, asRoot }: Pick<RemoteRequest, 'script' | 'args' | 'asRoot'>,
  remote: Remote,
  signal: AbortSignal,
): Promise<Found<readonly string[]>> {
  const nonce = crypto.randomUUID()
  const timeoutMs = host.settings.ssh.connectTimeoutMs + answerTime
  const answer = await remote.run(host, { script, args: [nonce, ...args], asRoot, timeoutMs }, signal)
  if (answer.how === 'no-answer') return { ok: false, failure: answer.failure }
  const mark = `fleet-lock ${nonce} `
  const lines = answer.stdout.split('\n').flatMap((line) => (line.startsWith(mark) ? [line.slice(mark.length)] : []))
  return lines[0] === 'begin' ? { ok: true, value: lines } : { ok: false, failure: notStarted(answer) }
}
