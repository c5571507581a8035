import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { httpLock } from '../../../src/adapters/locks/http.ts'
import type { LockHolder, LockRequest } from '../../../src/ports/lock.ts'
import { LockServer } from '../../rig/servers/lock-server.ts'
import { VirtualClock } from '../../rig/doubles/virtual-clock.ts'

const never = new AbortController().signal
const holder: LockHolder = { id: 'ours', who: 'ann@office', run: '20260101T000000Z-ann', since: '2026-01-01T00:00:00Z' }
const theirs = {
  ID: 'theirs',
  Operation: 'apply',
  Info: 'run 7',
  Who: 'bob@home',
  Version: '1',
  Created: 'then',
  Path: '',
}

let server: LockServer
let clock: VirtualClock

beforeEach(async () => {
  server = await LockServer.open()
  clock = new VirtualClock()
})

afterEach(() => server.close())

function lockAt(url = server.url(), environment: Readonly<Record<string, string>> = {}) {
  return httpLock({ url, name: 'home-lab', version: '1.2.3', environment }, clock)
}

function request(more: Partial<LockRequest> = {}): LockRequest {
  return { holder, timeoutMs: 0, onWaiting: () => {}, ...more }
}

test('is taken with a record that Terraform reads, and given back with the same', async () => {
  const lock = await lockAt().acquire(request(), never)
  if (!lock.ok) throw new Error(lock.failure.detail)
  const record = {
    ID: 'ours',
    Operation: 'apply',
    Info: 'run 20260101T000000Z-ann',
    Who: 'ann@office',
    Version: '1.2.3',
    Created: '2026-01-01T00:00:00Z',
    Path: 'home-lab',
  }
  expect(server.held).toEqual(record)
  await lock.value.release()
  expect(server.held).toBeNull()
  expect(server.calls).toEqual(
    ['LOCK', 'UNLOCK'].map((method) => ({
      method,
      path: '/state/home-lab',
      authorization: null,
      md5IsRight: true,
      record,
    })),
  )
})

describe('held by somebody else', () => {
  test.each([423, 409])('(%s) names who, and is tried again after 1, 2, 4, 8, 16 and 16 s', async (status) => {
    const told: unknown[] = []
    for (let i = 0; i < 9; i += 1) server.tricks.push({ status, body: JSON.stringify(theirs) })
    const began = clock.now()
    const found = await lockAt().acquire(request({ timeoutMs: 60_000, onWaiting: (other) => told.push(other) }), never)
    expect(found).toMatchObject({
      ok: false,
      failure: { code: 'lock/held', detail: expect.stringContaining('bob@home') as string },
    })
    expect(told).toEqual([{ id: 'theirs', who: 'bob@home', run: '7', since: 'then' }])
    expect(clock.now() - began).toBe(60_000)
    // 1 + 2 + 4 + 8 + 16 + 16 = 47 s, and 13 that are left.
    expect(server.calls).toHaveLength(8)
  })

  test('is had as soon as they let go', async () => {
    server.tricks.push({ status: 423, body: JSON.stringify(theirs) })
    expect(await lockAt().acquire(request({ timeoutMs: 5000 }), never)).toMatchObject({ ok: true })
  })

  test.each(['', 'nonsense', '[]', '"ours"', '{"ID":7}', 'x'.repeat(100_000)])(
    'with a body that is no record waits for somebody unknown (%#)',
    async (body) => {
      const told: unknown[] = []
      server.tricks.push({ status: 423, body })
      const found = await lockAt().acquire(request({ timeoutMs: 5000, onWaiting: (other) => told.push(other) }), never)
      expect(found).toMatchObject({ ok: true })
      expect(told).toEqual([null])
    },
  )

  test('stops with the interrupt', async () => {
    server.held = theirs
    const stop = new AbortController()
    const found = await lockAt().acquire(request({ timeoutMs: 60_000, onWaiting: () => stop.abort() }), stop.signal)
    expect(found).toMatchObject({ ok: false, failure: { code: 'lock/aborted' } })
  })
})

test('whose answer was lost is ours when the next answer names us', async () => {
  server.tricks.push('cut-after')
  const lock = await lockAt().acquire(request(), never)
  expect(lock).toMatchObject({ ok: true })
  expect(server.calls).toHaveLength(2)
})

test('is not asked for a second time where its release was not answered', async () => {
  const lock = await lockAt().acquire(request(), never)
  server.tricks.push('cut-after')
  if (lock.ok) await lock.value.release()
  expect(server.held).toBeNull()
})

describe('a server that fails', () => {
  test('for a moment is asked again', async () => {
    server.tricks.push({ status: 503 }, 'cut')
    expect(await lockAt().acquire(request(), never)).toMatchObject({ ok: true })
    expect(server.calls).toHaveLength(3)
  })

  test.each([
    [500, 'lock/server', 3],
    [401, 'lock/refused', 1],
    [403, 'lock/refused', 1],
    [404, 'lock/server', 1],
  ])('with %s ends as %s', async (status, code, calls) => {
    for (let i = 0; i < 5; i += 1) server.tricks.push({ status })
    const found = await lockAt().acquire(request({ timeoutMs: 60_000 }), never)
    expect(found).toMatchObject({ ok: false, failure: { code } })
    expect(server.calls.filter(({ method }) => method === 'LOCK')).toHaveLength(calls)
  })

  test('is not followed elsewhere', async () => {
    server.tricks.push({ status: 307, headers: { location: server.url() } })
    expect(await lockAt().acquire(request(), never)).toMatchObject({
      ok: false,
      failure: { code: 'lock/server', detail: expect.stringContaining('307') as string },
    })
    expect(server.calls).toHaveLength(1)
  })

  test('by not being there says so, without user and password', async () => {
    const url = server.url('ann:s3cret')
    await server.close()
    const found = await lockAt(url).acquire(request(), never)
    expect(found).toMatchObject({ ok: false, failure: { code: 'lock/server' } })
    expect(JSON.stringify(found)).not.toMatch(/s3cret|ann/)
    server = await LockServer.open()
  })
})

describe('user and password', () => {
  const basic = (login: string) => `Basic ${Buffer.from(login).toString('base64')}`

  test.each([
    ['of the URL', 'ann:s3cret', {}, 'ann:s3cret'],
    ['with characters that a URL quotes', 'ann%40office:a%3Ab', {}, 'ann@office:a:b'],
    ['of the environment', '', { FLEET_LOCK_USERNAME: 'bob', FLEET_LOCK_PASSWORD: 'pw' }, 'bob:pw'],
    ['of both: the URL’s user with the environment’s password', 'ann', { FLEET_LOCK_PASSWORD: 'pw' }, 'ann:pw'],
  ])('%s are sent', async (_, login, environment, sent) => {
    await lockAt(server.url(login), environment).acquire(request(), never)
    expect(server.calls[0]?.authorization).toBe(basic(sent))
  })
})

describe('a password over http://', () => {
  const login = { FLEET_LOCK_USERNAME: 'ann', FLEET_LOCK_PASSWORD: 's3cret' }

  test.each(['locks.example', '10.0.0.8', '127.evil.example', 'localhost.example', '[fd00::1]'])(
    'is not sent to %s, where anybody on the way reads it',
    async (host) => {
      const fetched: unknown[] = []
      const { fetch } = globalThis
      globalThis.fetch = (...asked) => {
        fetched.push(asked)
        return Promise.resolve(new Response('', { status: 200 }))
      }
      try {
        const found = await lockAt(`http://${host}/state`, login).acquire(request(), never)
        expect(found).toMatchObject({ ok: false, failure: { code: 'lock/not-encrypted' } })
        expect(JSON.stringify(found)).not.toContain('s3cret')
        expect(fetched).toEqual([])
      } finally {
        globalThis.fetch = fetch
      }
    },
  )

  test('is sent to a server on this machine', async () => {
    expect(await lockAt(server.url(), login).acquire(request(), never)).toMatchObject({ ok: true })
  })
})

describe('for fleet unlock', () => {
  test('says so where the lock that it took to ask is not given back', async () => {
    server.tricks.push({ status: 200 }, { status: 403 })
    expect(await lockAt().read(never)).toMatchObject({ ok: false, failure: { code: 'lock/not-released' } })
  })

  test('says who holds it, and leaves a free one free', async () => {
    expect(await lockAt().read(never)).toEqual({ ok: true, value: null })
    expect(server.held).toBeNull()
    server.held = theirs
    expect(await lockAt().read(never)).toMatchObject({ ok: true, value: { id: 'theirs', who: 'bob@home' } })
  })

  test('is removed by its id alone', async () => {
    server.held = theirs
    expect(await lockAt().remove('another', never)).toEqual({ ok: true, value: false })
    expect(await lockAt().remove('theirs', never)).toEqual({ ok: true, value: true })
    expect(server.held).toBeNull()
  })
})
