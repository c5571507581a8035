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

describe('given back', () => {
  async function taken() {
    const lock = await lockAt().acquire(request(), never)
    if (!lock.ok) throw new Error(lock.failure.detail)
    return lock.value
  }

  test('is believed where the server says so', async () => {
    expect(await (await taken()).release()).toEqual({ ok: true, value: null })
  })

  test.each([401, 403, 404, 500])('is not believed where the server says %s', async (status) => {
    const lock = await taken()
    for (let i = 0; i < 3; i += 1) server.tricks.push({ status })
    expect(await lock.release()).toMatchObject({
      ok: false,
      failure: { code: 'lock/not-released', detail: expect.stringContaining(`${status}`) as string },
    })
    expect(server.held).toMatchObject({ ID: 'ours' })
  })

  test('is not believed where it is still ours', async () => {
    const lock = await taken()
    server.tricks.push({ status: 423, body: JSON.stringify({ ...theirs, ID: 'ours' }) })
    expect(await lock.release()).toMatchObject({ ok: false, failure: { code: 'lock/not-released' } })
  })

  test('is well where somebody has removed it meanwhile', async () => {
    const lock = await taken()
    server.held = theirs
    expect(await lock.release()).toEqual({ ok: true, value: null })
    expect(server.held).toBe(theirs)
  })

  test('names the command that removes it', async () => {
    const lock = await taken()
    server.tricks.push({ status: 403 })
    expect(await lock.release()).toMatchObject({
      failure: { detail: expect.stringContaining('`fleet unlock ours`') as string },
    })
  })
})

describe('a lock that may have been granted unseen', () => {
  test('is given back when the operator interrupts', async () => {
    const stop = new AbortController()
    server.tricks.push('silent-after')
    server.onSilence = () => stop.abort()
    const found = await lockAt().acquire(request(), stop.signal)
    expect(found).toMatchObject({ ok: false, failure: { code: 'lock/aborted' } })
    expect(server.held).toBeNull()
    expect(server.calls.map(({ method }) => method)).toEqual(['LOCK', 'UNLOCK'])
  })

  test('is given back when the server answers no more', async () => {
    server.tricks.push('cut-after', 'cut', 'cut')
    expect(await lockAt().acquire(request(), never)).toMatchObject({ ok: false, failure: { code: 'lock/server' } })
    expect(server.held).toBeNull()
  })

  test('is given back when a proxy gives up', async () => {
    server.tricks.push('cut-after', { status: 504 }, { status: 504 })
    expect(await lockAt().acquire(request(), never)).toMatchObject({ ok: false, failure: { code: 'lock/server' } })
    expect(server.held).toBeNull()
  })

  test('is told of where it cannot be given back', async () => {
    const stop = new AbortController()
    server.tricks.push('silent-after', { status: 403 })
    server.onSilence = () => stop.abort()
    expect(await lockAt().acquire(request(), stop.signal)).toMatchObject({
      ok: false,
      failure: {
        code: 'lock/not-released',
        detail: expect.stringMatching(/interrupted.*403.*fleet unlock ours/s) as string,
      },
    })
  })
})
