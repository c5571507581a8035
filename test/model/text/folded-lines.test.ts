import { expect, it } from 'vitest'
import { foldLines, tellFolded } from '../../../src/model/text/folded-lines.ts'

it('equal lines are one line with a count, where the first of them stood, and empty ones are left out', () => {
  const folded = foldLines(['a', 'refused', '', 'b', 'refused ', 'refused'])
  expect(folded.map(tellFolded)).toEqual(['a', 'refused (3 times)', 'b'])
})
