import { expect, it } from 'vitest'
import { foldLines, tellFolded } from '../../../src/model/text/folded-lines.ts'

function told(lines: readonly string[]): readonly string[] {
  return foldLines(lines).map(tellFolded)
}

it('a line that comes again and again is one with a count, where the first of them stood', () => {
  expect(told(['a', 'refused', '', 'b', 'refused ', 'refused'])).toEqual(['a', 'refused (3 times)', 'b'])
})

it('so is one that follows upon itself, and one that comes back once stays where it is', () => {
  expect(told(['a', 'a', 'b', 'c', 'b'])).toEqual(['a (2 times)', 'b', 'c', 'b'])
})
