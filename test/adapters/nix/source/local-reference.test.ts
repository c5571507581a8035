import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { localReference } from '../../../../src/adapters/nix/source/local-reference.ts'

test('a percent sign of its own in a folder’s name is no reason to end', () => {
  expect(localReference('./nix?dir=a%20b')?.dir).toBe('a b')
  expect(localReference('./nix?dir=100%')?.dir).toBe('100%')
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void localReference(`./x?dir=${text}`)))
})
