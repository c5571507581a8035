import { expect, it } from 'vitest'
import { LineCutter, longestLine } from '../../../src/model/text/line-cutter.ts'

function linesOf(...parts: readonly string[]): readonly string[] {
  const found: string[] = []
  const lines = new LineCutter((line) => found.push(line))
  for (const part of parts) lines.push(part)
  lines.end()
  return found
}

it('lines come out whole however the text comes in', () => {
  for (const parts of [['a\n\nbc\nd'], ['a', '\n', '\n', 'b', 'c\nd'], ['a\n', '\nbc', '\n', 'd']])
    expect(linesOf(...parts)).toEqual(['a', '', 'bc', 'd'])
  expect(linesOf('a\n')).toEqual(['a'])
  expect(linesOf('')).toEqual([])
})

it('a long line is cut and said to be, and the next one is not', () => {
  const long = 'x'.repeat(longestLine)
  expect(linesOf(`${long}\nb`)).toEqual([long, 'b'])
  expect(linesOf(long, `y`.repeat(10_000_000), '\nb')).toEqual([`${long} … (line cut)`, 'b'])
})
