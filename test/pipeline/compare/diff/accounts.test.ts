import { expect, it } from 'vitest'
import { built, unknown } from '../../../../src/model/host/nixos-system.ts'
import { compareSets } from '../../../../src/pipeline/compare/diff/accounts.ts'

it('specialisations come and go', () => {
  const set = (...names: readonly string[]) => built(new Set(names))
  expect(compareSets(set('a', 'b'), set('b', 'c'))).toEqual({ added: ['c'], removed: ['a'], changed: [] })
  expect(compareSets(set(), unknown('why'))).toBeNull()
})
