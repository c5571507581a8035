import { expect, it } from 'vitest'
import { timeLeft } from '../../../src/pipeline/evaluate/time-left.ts'
import { countProgress, type PlanProgress } from '../../../src/pipeline/plan/progress.ts'
import { progressText } from '../../../src/views/terminal/progress-line.ts'

const cost = (cpuMs: number) => ({ cpuMs, peakBytes: 0 })

it('the time left is the work shared out, never less than the longest, and not known where one was never measured', () => {
  expect(timeLeft(new Map(), 2)).toBe(0)
  expect(
    timeLeft(
      new Map([
        ['a', cost(4000)],
        ['b', cost(4000)],
        ['c', cost(4000)],
      ]),
      2,
    ),
  ).toBe(6000)
  expect(
    timeLeft(
      new Map([
        ['a', cost(9000)],
        ['b', cost(1000)],
      ]),
      4,
    ),
  ).toBe(9000)
  expect(
    timeLeft(
      new Map([
        ['a', cost(1)],
        ['b', null],
      ]),
      2,
    ),
  ).toBeNull()
})

it('runs down between two hosts and is corrected when one is done', () => {
  let now = 0
  const told: PlanProgress[] = []
  const counter = countProgress(3, 1, { now: () => now }, (progress) => told.push(progress))
  counter.expect(
    new Map([
      ['a', cost(10_000)],
      ['b', cost(20_000)],
    ]),
  )
  now = 4000
  counter.observed()
  now = 15_000
  counter.evaluated('a')
  counter.evaluated('cached')
  counter.evaluated('b')
  expect(told.map(({ leftMs }) => leftMs)).toEqual([30_000, 26_000, 20_000, 20_000, 0])
  expect(told.at(-1)).toMatchObject({ evaluated: 3, observed: 1, total: 3 })
})

it('is told in words, without a time that is not known', () => {
  expect(progressText({ evaluated: 2, observed: 3, total: 6, leftMs: 41_500 })).toBe(
    'evaluated 2 of 6, asked 3 of 6, about 42s left',
  )
  expect(progressText({ evaluated: 2, observed: 3, total: 6, leftMs: null })).toBe('evaluated 2 of 6, asked 3 of 6')
  expect(progressText({ evaluated: null, observed: 3, total: 6, leftMs: null })).toBe('asked 3 of 6')
  expect(progressText({ evaluated: 0, observed: 6, total: 6, leftMs: 600_000 })).toContain('about 10m left')
})
