import { expect, test } from 'vitest'
import type { SshCheck } from '../../../src/model/plan/plan-schema.ts'
import { watchHealth } from '../../../src/pipeline/health/watch.ts'
import type { CheckType, Measurement } from '../../../src/ports/check.ts'
import { sampleCheck } from '../../rig/doubles/world.ts'
import { sampleSubject } from '../../rig/samples/subject.ts'
import { VirtualClock } from '../../rig/doubles/virtual-clock.ts'

/** Watches one check that answers by the seconds since the start, for a bake of that many seconds. */
async function watched(bake: number, answer: (seconds: number) => Measurement['result'], more: Partial<SshCheck> = {}) {
  const clock = new VirtualClock()
  const began = clock.now()
  const seconds = () => (clock.now() - began) / 1000
  const reports: string[] = []
  const type: CheckType = {
    async measure() {
      return { result: answer(seconds()), message: `at ${seconds()} s` }
    },
  }
  const over = new AbortController()
  void clock.sleep(bake * 1000, new AbortController().signal).then(() => over.abort())
  const health = await watchHealth(
    {
      subject: sampleSubject({ phase: 'bake' }),
      checks: { a: sampleCheck(more) },
      onReport: ({ result }) => reports.push(`${seconds()} s: ${result}`),
    },
    { clock, checkTypes: { ssh: type } },
    { over: over.signal, stop: new AbortController().signal },
  )
  return { health, reports, seconds: seconds() }
}

test('a host that stays healthy is watched until the bake is over, without a word', async () => {
  expect(await watched(600, () => 'pass')).toEqual({ health: { health: 'healthy' }, reports: [], seconds: 600 })
})

test('one that fails and recovers within the check’s deadline is healthy, and both are told', async () => {
  const flaps = (at: number) => (at >= 60 && at < 100 ? 'fail' : 'pass')
  expect(await watched(600, flaps)).toEqual({
    health: { health: 'healthy' },
    reports: ['60 s: fail', '100 s: pass'],
    seconds: 600,
  })
})

test('one that does not recover within the check’s deadline is unhealthy', async () => {
  expect(await watched(600, (at) => (at < 60 ? 'pass' : 'fail'))).toEqual({
    health: { health: 'unhealthy', check: 'a', message: 'at 175 s; it did not recover within 2m (deadline)' },
    reports: ['60 s: fail'],
    seconds: 180,
  })
})

test('one that passes now and then, never for long enough, is unhealthy', async () => {
  const flaps = (at: number) => (at < 60 || at % 20 < 10 ? 'pass' : 'fail')
  expect(await watched(600, flaps, { stableForMs: 15_000 })).toMatchObject({ health: { health: 'unhealthy' } })
})

test('what fails when the bake is over is watched until it has recovered', async () => {
  const late = (at: number) => (at >= 55 && at < 90 ? 'fail' : 'pass')
  expect(await watched(60, late)).toEqual({
    health: { health: 'healthy' },
    reports: ['55 s: fail', '90 s: pass'],
    seconds: 90,
  })
})

test('what fails when the bake is over and does not recover is unhealthy', async () => {
  expect(await watched(60, (at) => (at < 55 ? 'pass' : 'fail'))).toMatchObject({
    health: { health: 'unhealthy' },
    seconds: 175,
  })
})

test('what cannot be measured for that long is inconclusive, not unhealthy', async () => {
  expect(await watched(600, (at) => (at < 60 ? 'pass' : 'error'))).toEqual({
    health: { health: 'inconclusive', check: 'a', message: 'it gave no result within 2m (deadline)' },
    reports: ['60 s: error'],
    seconds: 180,
  })
})

test('a check that only warns is told and ends nothing', async () => {
  expect(await watched(600, (at) => (at < 60 ? 'pass' : 'fail'), { severity: 'warn' })).toMatchObject({
    health: { health: 'healthy' },
    reports: ['60 s: fail'],
    seconds: 600,
  })
})
