import { formatDuration } from '../../model/fleet/duration.ts'
import { failed } from '../../model/failure.ts'
import type { Failure } from '../../model/plan/plan-schema.ts'
import { createHash } from 'node:crypto'
import type { Found } from '../../model/host/system.ts'
import { cleanLine } from '../../model/text/text.ts'
import type { Clock } from '../../ports/clock.ts'
import type { FleetLock, HeldFleetLock, LockHolder, LockRequest } from '../../ports/lock.ts'
import { tellHolder } from './holder.ts'
import { bodyOf, reasonOf } from './http-answer.ts'

/** Pauses between two tries while somebody else holds the lock, milliseconds; the last one repeats (OpenTofu's). */
const pauses = [1000, 2000, 4000, 8000, 16_000]
/** Tries of one request that fails on its way or at the server, with the pauses between them. */
const retries = [1000, 4000]
/** Milliseconds that one answer may take. */
const patience = 30_000
/** Milliseconds for giving back what may have been granted unseen: whoever interrupts, or has met silence, waits no longer. */
const releaseTime = 10_000

/** A lock record as Terraform writes it: exactly these capitals, all strings. */
interface LockRecord {
  readonly ID: string
  readonly Operation: string
  readonly Info: string
  readonly Who: string
  readonly Version: string
  readonly Created: string
  readonly Path: string
}

/** Where the lock is, and who asks for it. */
export interface HttpLockOptions {
  /** May hold user and password, which nothing prints. */
  readonly url: string
  /** Name of the fleet. */
  readonly name: string
  readonly version: string
  /** User and password where the URL has none: FLEET_LOCK_USERNAME, FLEET_LOCK_PASSWORD. */
  readonly environment: Readonly<Record<string, string | undefined>>
}

/**
 * The fleet lock over Terraform's HTTP protocol (OpenTofu internal/backend/remote-state/http): LOCK and UNLOCK, with
 * the record as body. It has no expiry: what a dead run leaves is removed by `fleet unlock ID`.
 */
export function httpLock(options: HttpLockOptions, clock: Clock): FleetLock {
  const server = serverOf(options, clock)
  const acquire = (request: LockRequest, signal: AbortSignal) => take({ server, clock, ...options }, request, signal)
  return {
    acquire,
    async read(signal) {
      let other: LockHolder | null = null
      const holder = { id: crypto.randomUUID(), who: '', run: '', since: new Date(clock.now()).toISOString() }
      const onWaiting = (found: LockHolder | null) => {
        other = found
      }
      const taken = await acquire({ holder, timeoutMs: 0, onWaiting }, signal)
      if (!taken.ok) return taken.failure.code === 'lock/held' ? { ok: true, value: other ?? nameless } : taken
      return taken.value.release()
    },
    async remove(id, signal) {
      // A server matches by ID: the rest of the record is its holder's.
      const record = { ...empty, ID: id }
      const answer = await server('UNLOCK', record, signal)
      if (!answer.ok) return answer
      if (answer.value.status < 300) return { ok: true, value: true }
      return isHeld(answer.value.status) ? { ok: true, value: false } : statusFailure(answer.value.status)
    },
  }
}

const nameless: LockHolder = { id: '', who: '', run: '', since: '' }
const empty: LockRecord = { ID: '', Operation: '', Info: '', Who: '', Version: '', Created: '', Path: '' }

interface Answer {
  readonly status: number
  readonly body: string
}

/** No answer, though a request may have reached the server. */
interface Silence extends Refused {
  readonly hasArrived: boolean
}

type Server = (
  method: 'LOCK' | 'UNLOCK',
  record: LockRecord,
  signal: AbortSignal,
) => Promise<{ readonly ok: true; readonly value: Answer } | Silence>

/** Reasons for which no connection came to be. */
const notConnected = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'])

async function take(
  { server, clock, name, version }: HttpLockOptions & { readonly server: Server; readonly clock: Clock },
  { holder, timeoutMs, onWaiting }: LockRequest,
  signal: AbortSignal,
): Promise<Found<HeldFleetLock>> {
  const { id, who, run, since } = holder
  const info = `run ${run}`
  const record = { ID: id, Operation: 'apply', Info: info, Who: who, Version: version, Created: since, Path: name }
  const until = clock.now() + timeoutMs
  let told: string | null | undefined
  for (let tries = 0; ; tries += 1) {
    const answer = await server('LOCK', record, signal)
    if (!answer.ok) return answer.hasArrived ? withdraw(server, record, answer.failure) : answer
    const { status, body } = answer.value
    const other = isHeld(status) ? holderOf(body) : null
    // The answer to a LOCK that succeeded was lost, and the one after it names us: we hold it.
    if (status < 300 || other?.id === id) return { ok: true, value: held(server, record) }
    // A proxy that gives up says so, too, while its server may go on and grant the lock.
    if (status >= 500) return withdraw(server, record, statusFailure(status).failure)
    if (!isHeld(status)) return statusFailure(status)
    if (told !== (other?.id ?? null)) onWaiting(other)
    told = other?.id ?? null
    const left = until - clock.now()
    if (left <= 0) return held423(other)
    await clock.sleep(Math.min(left, pauses[Math.min(tries, pauses.length - 1)] ?? left), signal)
    if (signal.aborted) return failed('lock/aborted', 'interrupted', 'Waiting for the fleet lock was interrupted.')
  }
}

/** Nobody tells that such a lock was lost: it stays until it is given back. */
function held(server: Server, record: LockRecord): HeldFleetLock {
  return { lost: new AbortController().signal, release: () => unlock(server, record, new AbortController().signal) }
}

/** Whoever asked for the lock and does not know the answer may hold it, for ever: what was asked for is given back. */
async function withdraw(server: Server, record: LockRecord, why: Failure): Promise<Found<never>> {
  const released = await unlock(server, record, AbortSignal.timeout(releaseTime))
  if (released.ok) return { ok: false, failure: why }
  const { failure } = released
  return {
    ok: false,
    failure: { ...failure, detail: `${why.detail} The lock may be ours all the same. ${failure.detail}` },
  }
}

async function unlock(server: Server, record: LockRecord, limit: AbortSignal): Promise<Found<null>> {
  const answer = await server('UNLOCK', record, limit)
  // That another holds it, or nobody, is said by 409 or 423: ours is gone.
  if (answer.ok && (answer.value.status < 300 || (isHeld(answer.value.status) && !names(answer.value, record))))
    return { ok: true, value: null }
  const silence = limit.aborted ? `no answer within ${releaseTime / 1000} s.` : null
  const said = answer.ok ? `its server answered ${answer.value.status}.` : (silence ?? answer.failure.detail)
  return failed(
    'lock/not-released',
    'the fleet lock may not have been released',
    `The release was sent: ${said} The lock never expires: \`fleet unlock ${record.ID}\` removes it.`,
  )
}

function names({ body }: Answer, { ID }: LockRecord): boolean {
  return holderOf(body)?.id === ID
}

function isHeld(status: number): boolean {
  return status === 423 || status === 409
}

function held423(other: LockHolder | null): Found<never> {
  return failed('lock/held', 'locked by another run', `It is held by ${tellHolder(other)}.`)
}

function statusFailure(status: number): Refused {
  switch (status) {
    case 401:
    case 403:
      return failed(
        'lock/refused',
        'lock server denied access',
        `It answered ${status}: are user and password right? They are taken from the URL of \`lock.http\`, else from FLEET_LOCK_USERNAME and FLEET_LOCK_PASSWORD.`,
      )
    default:
      return failed(
        'lock/server',
        'lock server failed',
        `It answered ${status}, which means neither free nor held. Look at its log.`,
      )
  }
}

/** The holder's record of an answer; null where the body holds none. */
function holderOf(body: string): LockHolder | null {
  const parsed = parse(body)
  if (parsed === null) return null
  const text = (key: keyof LockRecord) => {
    const value = parsed[key]
    return typeof value === 'string' ? cleanLine(value).slice(0, 200) : ''
  }
  const id = text('ID')
  if (id === '') return null
  return { id, who: text('Who'), run: text('Info').replace(/^run /, ''), since: text('Created') }
}

function parse(body: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(body)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}

function serverOf({ url, environment }: HttpLockOptions, clock: Clock): Server {
  const { target, authorization } = addressOf(url, environment)
  if (authorization !== null && target.protocol === 'http:' && !isLoopback(target.hostname))
    return () => Promise.resolve({ ...readableOnTheWay(target.host), hasArrived: false })
  const send = async (method: string, body: string, signal: AbortSignal): Promise<Answer | string> => {
    const limit = AbortSignal.timeout(patience)
    try {
      const response = await fetch(target, {
        method,
        body,
        redirect: 'manual',
        signal: AbortSignal.any([signal, limit]),
        headers: {
          'Content-Type': 'application/json',
          'Content-MD5': createHash('md5').update(body).digest('base64'),
          ...(authorization === null ? {} : { Authorization: authorization }),
        },
      })
      return { status: response.status, body: await bodyOf(response) }
    } catch (error) {
      return limit.aborted ? `no answer within ${formatDuration(patience)}` : reasonOf(error)
    }
  }
  return async (method, record, signal) => {
    const body = JSON.stringify(record)
    let hasArrived = false
    for (let tries = 0; ; tries += 1) {
      const answer = await send(method, body, signal)
      hasArrived ||= typeof answer !== 'string' || !notConnected.has(answer)
      if (signal.aborted) return { ...interrupted, hasArrived }
      const pause = retries[tries]
      if (typeof answer !== 'string' && (answer.status < 500 || pause === undefined)) return { ok: true, value: answer }
      if (typeof answer === 'string' && pause === undefined)
        return {
          ...failed('lock/server', 'lock server failed', `${target.host} did not answer: ${answer}.`),
          hasArrived,
        }
      await clock.sleep(pause ?? 0, signal)
    }
  }
}

/** Nothing that is sent there leaves this machine: the names and numbers of RFC 6761 and RFC 1122, not what a name server may say. */
function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname)
}

function readableOnTheWay(host: string): Refused {
  return failed(
    'lock/not-encrypted',
    'the password would be readable on the way',
    `\`lock.http\` names ${host} with http://, and there is a password to send. Nothing was sent. Use https://, or remove FLEET_LOCK_USERNAME and FLEET_LOCK_PASSWORD.`,
  )
}

const interrupted = failed('lock/aborted', 'interrupted', 'Waiting for the fleet lock was interrupted.')

/** A URL that holds a password is never shown: user and password leave it here. */
function addressOf(
  url: string,
  environment: HttpLockOptions['environment'],
): { readonly target: URL; readonly authorization: string | null } {
  const target = new URL(url)
  const user = target.username === '' ? environment['FLEET_LOCK_USERNAME'] : decodeURIComponent(target.username)
  const password = target.password === '' ? environment['FLEET_LOCK_PASSWORD'] : decodeURIComponent(target.password)
  target.username = ''
  target.password = ''
  if (user === undefined || user === '') return { target, authorization: null }
  return { target, authorization: `Basic ${Buffer.from(`${user}:${password ?? ''}`).toString('base64')}` }
}

interface Refused {
  readonly ok: false
  readonly failure: Failure
}
