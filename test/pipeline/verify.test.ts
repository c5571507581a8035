import { expect, test } from 'vitest'
import type { SshCheck } from '../../src/model/plan-schema.ts'
import type { CheckType, Measurement } from '../../src/ports/check.ts'
import { type CheckReport, type Health, verify } from '../../src/pipeline/verify.ts'
import { sampleCheck } from '../rig/double-world.ts'
import { sampleSettings } from '../rig/sample-plan.ts'
import { VirtualClock } from '../rig/virtual-clock.ts'

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
): Promise<Verified> {
  const clock = new VirtualClock()
  const began = clock.now()
  const seconds = () => (clock.now() - began) / 1000
  const reports: string[] = []
  let attempts = 0
  const filled = Object.fromEntries(Object.entries(checks).map(([name, more]) => [name, sampleCheck(more)]))
  const type: CheckType = {
    async measure(check) {
      attempts += 1
      const name = Object.entries(filled).find(([, other]) => other === check)?.[0] ?? ''
      return { result: answer(seconds(), name), message: `at ${seconds()} s` }
    },
  }
  const onReport = ({ check, result, attempts: tries, durationMs }: CheckReport) =>
    reports.push(`${durationMs / 1000} s: ${check} ${result} (${tries})`)
  const subject = { name: 'web', settings: sampleSettings('web'), failedBefore: [] }
  const health = await verify({ subject, checks: filled, onReport }, { clock, checkTypes: { ssh: type } }, stop.signal)
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

test('a check that flaps for ever is unhealthy at its deadline, even while it passes', async () => {
  const { health, seconds } = await verified({ a: { stableForMs: 15_000 } }, (at) => (at % 20 < 10 ? 'pass' : 'fail'))
  expect([health, seconds]).toEqual([
    { health: 'unhealthy', check: 'a', message: 'passed, but not for long enough within 120 s' },
    120,
  ])
})

test('a check that never passes is unhealthy at its deadline', async () => {
  expect(await verified({ a: {} }, () => 'fail')).toEqual({
    health: { health: 'unhealthy', check: 'a', message: 'at 120 s' },
    reports: ['0 s: a fail (1)'],
    attempts: 25,
    seconds: 120,
  })
})

test('a check that cannot measure until its deadline is inconclusive', async () => {
  expect(await verified({ a: {} }, () => 'error')).toMatchObject({
    health: { health: 'inconclusive', check: 'a', message: 'at 120 s' },
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
    subject: { name: 'web', settings: sampleSettings('web'), failedBefore: [] },
    checks: { a: sampleCheck() },
    onReport: () => {},
  }
  const ports = { clock: new VirtualClock(), checkTypes: {} }
  await expect(verify(request, ports, new AbortController().signal)).rejects.toThrow('bug: no check type ssh')
})
