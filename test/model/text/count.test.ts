import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { resolveCount } from '../../../src/model/text/count.ts'

test('a number of hosts stays what it is', () => expect(resolveCount(7, 3, 1)).toBe(7))

test.each([
  ['25%', 10, 2],
  ['50%', 3, 1],
  ['100%', 7, 7],
  ['29%', 100, 29],
] as const)('%s of %i hosts is %i', (count, total, expected) => expect(resolveCount(count, total, 0)).toBe(expected))

test('a share that rounds down to nothing is one host where none would stop the rollout', () => {
  expect(resolveCount('10%', 5, 1)).toBe(1)
  expect(resolveCount('10%', 5, 0)).toBe(0)
})

test('a percentage is never more than the hosts there are, and grows with the percentage and with the hosts', () => {
  const percent = fc.integer({ min: 0, max: 100 })
  const total = fc.integer({ min: 1, max: 10_000 })
  fc.assert(
    fc.property(percent, percent, total, total, (a, b, some, more) => {
      const count = (share: number, of: number) => resolveCount(`${share}%`, of, 0)
      expect(count(a, some)).toBeLessThanOrEqual(some)
      expect(count(Math.min(a, b), some)).toBeLessThanOrEqual(count(Math.max(a, b), some))
      expect(count(a, Math.min(some, more))).toBeLessThanOrEqual(count(a, Math.max(some, more)))
    }),
  )
})
