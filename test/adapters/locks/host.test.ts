import type { Failure } from '../../../src/model/plan/plan-schema.ts'
import { describe, expect, test } from 'vitest'
import { hostLocks } from '../../../src/adapters/locks/host.ts'
import type { LockHolder, LockRequest } from '../../../src/ports/lock.ts'
import type { Address, Remote, RemoteAnswer, RemoteRequest } from '../../../src/ports/remote.ts'
import { sampleSettings } from '../../rig/samples/plan.ts'
import { VirtualClock } from '../../rig/doubles/virtual-clock.ts'

const never = new AbortController().signal
const holder: LockHolder = { id: 'ours', who: 'ann@office', run: '20260101T000000Z-ann', since: '2026-01-01T00:00:00Z' }
const web: Address = { name: 'web', settings: sampleSettings('web') }

function request(more: Partial<LockRequest> = {}): LockRequest {
  return { holder, timeoutMs: 0, onWaiting: () => {}, ...more }
}

/**
 * Stands for the program at the other end of a session: `answers` says what it prints for each line that it is sent, null
 * for nothing; `begins` how it ends before it says anything, null when it does not.
 */
class DoubleProgram implements Remote {
  readonly heard: string[] = []
  answers: (line: string) => readonly string[] | null = (line) => [line === 'take' ? 'held' : 'alive']
  begins: RemoteAnswer | null = null

  run(_: Address, { args, onLine, onInput }: RemoteRequest, signal: AbortSignal): Promise<RemoteAnswer> {
    if (this.begins !== null) return Promise.resolve(this.begins)
    const say = (line: string) => onLine?.('stdout', `fleet-lock ${args[0] ?? ''} ${line}`)
    return new Promise((resolve) => {
      const end = (code: number) => resolve({ how: 'answered', code, stdout: '', stderr: '' })
      signal.addEventListener('abort', () => end(1), { once: true })
      onInput?.({
        send: (text) => {
          const line = text.trim()
          this.heard.push(line)
          if (line === 'release') end(0)
          else for (const answer of this.answers(line) ?? []) say(answer)
        },
        end: () => {},
      })
      onLine?.('stdout', 'what a login shell prints')
      say('ready')
    })
  }

  async transport(): Promise<never> {
    throw new Error('nobody copies for a lock')
  }
}

test('a lock is kept alive by a sign of life every five seconds, and released by a word', async () => {
  const [program, clock] = [new DoubleProgram(), new VirtualClock()]
  const lock = await hostLocks(program, clock).acquire(web, request(), never)
  if (!lock.ok) throw new Error(lock.failure.detail)
  await clock.sleep(12_000, never)
  await lock.value.release()
  expect(program.heard).toEqual(['take', 'beat', 'beat', 'release'])
  expect(lock.value.lost.aborted).toBe(false)
})

test('a host that says nothing any more has lost it after 30 s: the connection may be half open', async () => {
  const [program, clock] = [new DoubleProgram(), new VirtualClock()]
  const lock = await hostLocks(program, clock).acquire(web, request(), never)
  if (!lock.ok) throw new Error(lock.failure.detail)
  program.answers = () => null
  const began = clock.now()
  await new Promise((lost) => lock.value.lost.addEventListener('abort', lost))
  expect(clock.now() - began).toBeLessThanOrEqual(35_000)
  expect(String(lock.value.lost.reason)).toContain('web has not answered for 30s')
})

test('who holds it is read as what a host writes: cleaned, and never more than a line', async () => {
  const program = new DoubleProgram()
  program.answers = (line) =>
    line === 'take' ? ['holder id=\u001b[31mtheirs', 'holder who=bob\u202e@home', 'holder run=7', 'busy'] : ['alive']
  const told: unknown[] = []
  const found = await hostLocks(program, new VirtualClock()).acquire(
    web,
    request({ timeoutMs: 5000, onWaiting: (other) => told.push(other) }),
    never,
  )
  expect(told).toEqual([{ id: 'theirs', who: 'bob@home', run: '7', since: '' }])
  expect(found).toMatchObject({ ok: false, failure: { code: 'lock/held' } })
})

test('a momentary busy, as of somebody who only asks, is no holder', async () => {
  const program = new DoubleProgram()
  let tries = 0
  program.answers = (line) => {
    if (line !== 'take') return ['alive']
    tries += 1
    return [tries < 3 ? 'busy' : 'held']
  }
  expect(await hostLocks(program, new VirtualClock()).acquire(web, request(), never)).toMatchObject({ ok: true })
})

describe('a program that does not begin', () => {
  const answered = (stderr: string): RemoteAnswer => ({ how: 'answered', code: 1, stdout: '', stderr })
  const failure: Failure = { code: 'ssh/refused-login', summary: 'login refused', detail: '' }

  test.each([
    ['because sudo asks', answered('sudo: a password is required\n'), 'lock/sudo'],
    ['because /run is full', answered('mkdir: cannot create directory: No space left on device\n'), 'lock/failed'],
    ['because the login is refused', { how: 'no-answer', begun: false, failure } as const, 'ssh/refused-login'],
  ])('%s says why', async (_, begins, code) => {
    const program = new DoubleProgram()
    program.begins = begins
    const found = await hostLocks(program, new VirtualClock()).acquire(web, request(), never)
    expect(found).toMatchObject({ ok: false, failure: { code } })
  })
})

test('only paths that were asked for are believed to be missing', async () => {
  const program = new DoubleProgram()
  program.answers = (line) => {
    if (line === 'take') return ['held']
    return line.startsWith('missing') ? ['missing /nix/store/b', 'missing /etc/shadow', 'done'] : ['alive']
  }
  const lock = await hostLocks(program, new VirtualClock()).acquire(web, request(), never)
  if (!lock.ok) throw new Error(lock.failure.detail)
  const paths = ['/nix/store/a', '/nix/store/b']
  expect(await lock.value.missing(paths, never)).toEqual({ ok: true, value: new Set(['/nix/store/b']) })
  expect(program.heard).toContain('missing 26\n/nix/store/a\n/nix/store/b')
  await lock.value.release()
})

test('the late answer to a question that was given up is not taken for the answer to the next', async () => {
  const program = new DoubleProgram()
  const late: (() => void)[] = []
  let say: (line: string) => void = () => {}
  const run = program.run.bind(program)
  program.run = (host, asked, signal) => {
    say = (line) => asked.onLine?.('stdout', `fleet-lock ${asked.args[0] ?? ''} ${line}`)
    return run(host, asked, signal)
  }
  program.answers = (line) => {
    if (line === 'take') return ['held']
    if (!line.startsWith('missing')) return ['alive']
    if (line.endsWith('/nix/store/a')) {
      late.push(() => ['missing /nix/store/a', 'done'].forEach(say))
      return null
    }
    for (const tell of late.splice(0)) tell()
    return ['missing /nix/store/b', 'done']
  }
  const lock = await hostLocks(program, new VirtualClock()).acquire(web, request(), never)
  if (!lock.ok) throw new Error(lock.failure.detail)
  const impatient = new AbortController()
  const first = lock.value.missing(['/nix/store/a'], impatient.signal)
  impatient.abort()
  expect(await first).toMatchObject({ ok: false, failure: { code: 'lock/aborted' } })
  expect(await lock.value.missing(['/nix/store/b'], never)).toEqual({ ok: true, value: new Set(['/nix/store/b']) })
  await lock.value.release()
})
