import { expect, it } from 'vitest'
import { talking } from '../../../src/cli/session/screen.ts'
import { VirtualClock } from '../../rig/doubles/virtual-clock.ts'

it('a view is asked to speak when it said it would, until it is closed', async () => {
  const clock = new VirtualClock()
  const began = clock.now()
  const asked: number[] = []
  const view = {
    show: () => {},
    close: () => {},
    tick: (now: number) => {
      asked.push(now - began)
      if (asked.length === 3) screen.close()
      return 10_000
    },
  }
  const screen = talking(view, clock)
  await clock.sleep(60_000, new AbortController().signal)
  expect(asked).toEqual([0, 10_000, 20_000])
})

it('in simulated time nobody waits, and nothing is asked', async () => {
  const clock = new VirtualClock()
  let asked = 0
  const screen = talking({ show: () => {}, close: () => {}, tick: () => (asked += 1) }, null)
  await clock.sleep(60_000, new AbortController().signal)
  screen.close()
  expect(asked).toBe(0)
})

it('while a person is asked, nothing is drawn over the question', async () => {
  const clock = new VirtualClock()
  const over = new AbortController()
  let asked = 0
  const view = { show: () => {}, close: () => {}, tick: () => ((asked += 1), 10_000) }
  const screen = talking(view, clock)
  const before = asked
  const ask = screen.quietly({
    possible: true,
    async confirm() {
      await clock.sleep(60_000, over.signal)
      expect(asked).toBe(before)
      return true
    },
  })
  expect(await ask.confirm('Start?', over.signal)).toBe(true)
  await clock.sleep(60_000, over.signal)
  screen.close()
  expect(asked).toBeGreaterThan(before)
})
