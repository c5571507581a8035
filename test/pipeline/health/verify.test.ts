import { expect, test } from 'vitest'
import type { SshCheck } from '../../../src/model/plan/plan-schema.ts'
import type { CheckType, Measurement } from '../../../src/ports/check.ts'
import { type CheckReport, type Health, verify } from '../../../src/pipeline/health/verify.ts'
import { sampleCheck } from '../../rig/doubles/world.ts'
import { sampleSubject } from '../../rig/samples/subject.ts'
import { VirtualClock } from '../../rig/doubles/virtual-clock.ts'

interface Verified {
  readonly health: Health
  /** Each change of state: seconds since the start, check, result and number of attempts. */
  readonly reports: readonly string[]
  readonly attempts: number
  readonly seconds: number
}

type Answer = Measurement['result']

/** Runs checks, each of which answers by the seconds since the start, on a clock that takes no time. */
async function verified(
  checks: Readonly<Record<string, Partial<SshCheck>>>,
  answer: (seconds: number, check: string) => Answer,
  stop = new AbortController(),
  failing: ReadonlySet<string> = new Set(),
): Promise<Verified> {
  const clock = new VirtualClock()
  const began = clock.now()
  const seconds = () => (clock.now() - began) / 1000
  const reports: string[] = []
  let attempts = 0
  const filled = Object.fromEntries(Object.entries(checks).map(([name, more]) => [name, sampleCheck(more)]))
  const type: CheckType = {
    async measure(_, { check }) {
      attempts += 1
      return { result: answer(seconds(), check), message: `at ${seconds()} s` }
    },
  }
  const onReport = ({ check, result, attempts: tries, durationMs }: CheckReport) =>
    reports.push(`${durationMs / 1000} s: ${check} ${result} (${tries})`)
  const request = { subject: sampleSubject(), checks: filled, failing, onReport }
  const health = await verify(request, { clock, checkTypes: { ssh: type } }, stop.signal)
  return { health, reports, attempts, seconds: seconds() }
}

test('a check that passes at once is healthy at once', async () => {
  expect(await verified({ a: {} }, () => 'pass')).toEqual({
    health: { health: 'healthy' },
    reports: ['0 s: a pass (1)'],
    attempts: 1,
    seconds: 0,
  })
})

test('a host without checks is healthy', async () => {
  expect(await verified({}, () => 'fail')).toMatchObject({ health: { health: 'healthy' }, attempts: 0 })
})

test('the first attempt waits for initialDelay, so that the old process does not answer', async () => {
  expect(await verified({ a: { initialDelayMs: 20_000 } }, (at) => (at < 20 ? 'fail' : 'pass'))).toMatchObject({
    reports: ['20 s: a pass (1)'],
  })
})

test('a check that flaps and then holds within its deadline is healthy, and each change is one report', async () => {
  const flaps = (at: number): Answer => (at % 20 < 10 && at < 60 ? 'fail' : 'pass')
  expect(await verified({ a: { stableForMs: 15_000 } }, flaps)).toEqual({
    health: { health: 'healthy' },
    reports: [
      '0 s: a fail (1)',
      '10 s: a pass (3)',
      '20 s: a fail (5)',
      '30 s: a pass (7)',
      '40 s: a fail (9)',
      '50 s: a pass (11)',
    ],
    attempts: 14,
    seconds: 65,
  })
})

test('a check that flaps for ever is unhealthy at its deadline', async () => {
  const { health, seconds } = await verified({ a: { stableForMs: 15_000 } }, (at) => (at % 20 < 10 ? 'pass' : 'fail'))
  expect([health, seconds]).toEqual([{ health: 'unhealthy', check: 'a', message: 'at 115 s' }, 120])
})

test('a check that never passes is unhealthy at its deadline', async () => {
  expect(await verified({ a: {} }, () => 'fail')).toEqual({
    health: { health: 'unhealthy', check: 'a', message: 'at 115 s' },
    reports: ['0 s: a fail (1)'],
    attempts: 24,
    seconds: 120,
  })
})

test('a check that flaps for ever is unhealthy even while it passes', async () => {
  const { health } = await verified({ a: { stableForMs: 15_000 } }, (at) => (at % 20 < 10 ? 'fail' : 'pass'))
  expect(health).toEqual({
    health: 'unhealthy',
    check: 'a',
    message: 'passed, but not for long enough within 2m (deadline)',
  })
})

test('a service that starts, answers once and dies is unhealthy', async () => {
  const { health, reports } = await verified({ a: { stableForMs: 30_000 } }, (at) => (at === 10 ? 'pass' : 'fail'))
  expect(health).toMatchObject({ health: 'unhealthy', check: 'a' })
  expect(reports).toEqual(['0 s: a fail (1)', '10 s: a pass (3)', '15 s: a fail (4)'])
})

test('steady is judged at the moment it is reached, between two attempts of the interval', async () => {
  const { seconds } = await verified({ a: { stableForMs: 12_000 } }, () => 'pass')
  expect(seconds).toBe(12)
  expect((await verified({ a: { stableForMs: 119_000 } }, () => 'pass')).health.health).toBe('healthy')
})

test('now and then an error does not save a check that fails', async () => {
  expect(await verified({ a: {} }, (at) => (at % 10 === 0 ? 'fail' : 'error'))).toMatchObject({
    health: { health: 'unhealthy', message: 'at 110 s' },
  })
})

test('what failed while it started and can be measured no more is inconclusive', async () => {
  expect(await verified({ a: {} }, (at) => (at < 20 ? 'fail' : 'error'))).toMatchObject({
    health: { health: 'inconclusive', message: 'at 115 s' },
  })
})

test('what passed and can be measured no more before it is steady is inconclusive', async () => {
  expect(
    await verified({ a: { stableForMs: 60_000 } }, (at) => (at < 110 && at > 70 ? 'pass' : 'error')),
  ).toMatchObject({ health: { health: 'inconclusive' } })
})

test('pending is asked again and is no state to tell; at the deadline it is unhealthy', async () => {
  const slow = await verified({ a: {} }, (at) => (at < 60 ? 'pending' : 'pass'))
  expect([slow.health, slow.reports]).toEqual([{ health: 'healthy' }, ['60 s: a pass (13)']])
  expect(await verified({ a: {} }, () => 'pending')).toMatchObject({
    health: { health: 'unhealthy', message: 'not ready within 2m (deadline): at 115 s' },
    reports: [],
  })
})

test('what failed before the change is told and condemns nothing, and is not waited for', async () => {
  const known = new Set(['old'])
  const result = await verified(
    { old: {}, new: { stableForMs: 30_000 } },
    (_, check) => (check === 'old' ? 'fail' : 'pass'),
    new AbortController(),
    known,
  )
  expect(result).toMatchObject({ health: { health: 'healthy' }, seconds: 30 })
  expect(result.reports).toContain('0 s: old fail (1)')
})

test('a check that cannot measure until its deadline is inconclusive', async () => {
  expect(await verified({ a: {} }, () => 'error')).toMatchObject({
    health: { health: 'inconclusive', check: 'a', message: 'at 115 s' },
    seconds: 120,
  })
})

test('a check that could not measure at first and then passes is healthy', async () => {
  expect(await verified({ a: {} }, (at) => (at < 30 ? 'error' : 'pass'))).toMatchObject({
    health: { health: 'healthy' },
  })
})

test('a fail restarts the time for which a check must hold', async () => {
  const { seconds } = await verified({ a: { stableForMs: 30_000 } }, (at) => (at === 25 ? 'fail' : 'pass'))
  expect(seconds).toBe(60)
})

test('what could not be measured restarts the time for which a check must hold', async () => {
  const { seconds } = await verified({ a: { stableForMs: 30_000 } }, (at) => (at === 25 ? 'error' : 'pass'))
  expect(seconds).toBe(60)
})

test('successThreshold counts passes without a break', async () => {
  const { attempts } = await verified({ a: { successThreshold: 3 } }, (at) => (at === 10 ? 'fail' : 'pass'))
  expect(attempts).toBe(6)
})

test('a check that warns condemns nothing', async () => {
  expect(
    await verified({ a: { severity: 'warn' }, b: {} }, (_, check) => (check === 'a' ? 'fail' : 'pass')),
  ).toMatchObject({
    health: { health: 'healthy' },
    reports: ['0 s: a fail (1)', '0 s: b pass (1)'],
  })
})

test('a failed check is told before one that could not measure', async () => {
  expect(await verified({ a: {}, b: {} }, (_, check) => (check === 'a' ? 'error' : 'fail'))).toMatchObject({
    health: { health: 'unhealthy', check: 'b' },
  })
})

test('checks run side by side: the slowest decides how long it takes', async () => {
  const { seconds } = await verified({ a: { stableForMs: 30_000 }, b: { stableForMs: 60_000 } }, () => 'pass')
  expect(seconds).toBe(60)
})

test('an interrupt ends the attempts', async () => {
  const stop = new AbortController()
  const answer = (at: number): Answer => {
    if (at >= 15) stop.abort()
    return 'fail'
  }
  expect(await verified({ a: {} }, answer, stop)).toMatchObject({ attempts: 4, seconds: 15 })
})

test('an interrupt during a pause ends it at once', async () => {
  const stop = new AbortController()
  const answer = (): Answer => {
    queueMicrotask(() => setImmediate(() => stop.abort()))
    return 'fail'
  }
  expect((await verified({ a: { intervalMs: 60_000 } }, answer, stop)).attempts).toBeLessThanOrEqual(2)
})

test('a type that nobody has written is a bug', async () => {
  const request = {
    subject: sampleSubject(),
    checks: { a: sampleCheck() },
    onReport: () => {},
  }
  const ports = { clock: new VirtualClock(), checkTypes: {} }
  await expect(verify(request, ports, new AbortController().signal)).rejects.toThrow('bug: no check type ssh')
})
