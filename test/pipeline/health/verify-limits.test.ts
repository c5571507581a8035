import { expect, test } from 'vitest'
import { verify } from '../../../src/pipeline/health/verify.ts'
import type { CheckType } from '../../../src/ports/check.ts'
import { sampleCheck } from '../../rig/doubles/world.ts'
import { sampleSubject } from '../../rig/samples/subject.ts'
import { VirtualClock } from '../../rig/doubles/virtual-clock.ts'

test('checks with the same interval stay due together, so that they can share a connection', async () => {
  const clock = new VirtualClock()
  const moments = new Set<number>()
  const type: CheckType = {
    async measure(_, { check }, signal) {
      moments.add(clock.now())
      await clock.sleep(check === 'slow' ? 1700 : 300, signal)
      return { result: 'fail', message: '' }
    },
  }
  const request = {
    subject: sampleSubject(),
    checks: { slow: sampleCheck(), quick: sampleCheck() },
    onReport: () => {},
  }
  await verify(request, { clock, checkTypes: { ssh: type } }, new AbortController().signal)
  expect(moments.size).toBe(24)
})

test('a check type that never answers is left behind, and is an error', async () => {
  const clock = new VirtualClock()
  const began = clock.now()
  const ended: string[] = []
  const type: CheckType = {
    measure: (_, { attempt }, signal) => {
      signal.addEventListener('abort', () => ended.push(`attempt ${attempt} was told to end`))
      return new Promise(() => {})
    },
  }
  const request = {
    subject: sampleSubject(),
    checks: { a: sampleCheck({ deadlineMs: 12_000 }) },
    onReport: () => {},
  }
  const health = await verify(request, { clock, checkTypes: { ssh: type } }, new AbortController().signal)
  expect(health).toEqual({
    health: 'inconclusive',
    check: 'a',
    message: 'it did not answer within 10s, and could not be ended',
  })
  expect(ended).toEqual(['attempt 1 was told to end'])
  // The deadline and the time in which a check type may end its own program.
  expect(clock.now() - began).toBe(13_000)
})

test('the deadline bounds the attempt under way', async () => {
  const clock = new VirtualClock()
  const limits: number[] = []
  const type: CheckType = {
    async measure({ timeoutMs }, _, signal) {
      limits.push(timeoutMs)
      await clock.sleep(timeoutMs, signal)
      return { result: 'error', message: `no answer within ${timeoutMs / 1000} s` }
    },
  }
  const checks = { a: sampleCheck({ deadlineMs: 18_000 }) }
  const request = { subject: sampleSubject(), checks, onReport: () => {} }
  const health = await verify(request, { clock, checkTypes: { ssh: type } }, new AbortController().signal)
  expect(limits).toEqual([10_000, 3000])
  expect(health).toMatchObject({ health: 'inconclusive', message: 'no answer within 3 s' })
})
