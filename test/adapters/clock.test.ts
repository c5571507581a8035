import { expect, test } from 'vitest'
import { later, systemClock } from '../../src/adapters/clock.ts'
import { VirtualClock } from '../rig/doubles/virtual-clock.ts'

test('a wait that is longer than a timer can hold does not end at once', async () => {
  const over = new AbortController()
  const warnings: Error[] = []
  const warn = (warning: Error) => warnings.push(warning)
  process.on('warning', warn)
  let isOver = false
  const waiting = systemClock.sleep(2.4e9, over.signal).then(() => {
    isOver = true
  })
  // A timer that overflows fires after a millisecond: two of that length have passed once a later one fires.
  await systemClock.sleep(5, new AbortController().signal)
  expect(isOver).toBe(false)
  over.abort()
  await waiting
  process.off('warning', warn)
  expect(warnings).toEqual([])
})

test('what was to happen later happens once, and not after it was called off', async () => {
  const clock = new VirtualClock()
  const said: string[] = []
  later(clock, 1000, () => said.push('one'))
  later(clock, 1000, () => said.push('two'))()
  await clock.sleep(5000, new AbortController().signal)
  expect(said).toEqual(['one'])
})
