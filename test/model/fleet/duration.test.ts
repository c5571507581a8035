import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatDuration, longestDurationMs, parseDuration } from '../../../src/model/fleet/duration.ts'

test.each([
  ['30s', 30_000],
  ['10m', 600_000],
  ['1h30m', 5_400_000],
  ['14d', longestDurationMs],
  ['1500ms', 1500],
  ['1s500ms', 1500],
  ['0s', 0],
])('%s is a duration', (text, expected) => expect(parseDuration(text)).toBe(expected))

test.each([
  '',
  '5',
  '5 s',
  ' 5s',
  '5S',
  '30m1h',
  '1h1h',
  '1.5h',
  '-5s',
  '1h30',
  '15d',
  '9999999999999999999d',
  '5s\n',
  '٥s',
])('%j is not a duration', (text) => expect(parseDuration(text)).toBeNull())

test('every number of milliseconds that fleet takes can be written and read back', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: longestDurationMs }), (ms) => {
      expect(parseDuration(formatDuration(ms))).toBe(ms)
    }),
  )
})
