import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { placeInJson } from '../../../src/model/fleet/json-place.ts'

const text = `{
  "a": [1, {"b\\"": "x"}, true],
  "c": {}
}`

it.each([
  [['a'], 2, 8, '[1, {"b\\"": "x"}, true]'],
  [['a', '0'], 2, 9, '1'],
  [['a', '1', 'b"'], 2, 20, '"x"'],
  [['a', '2'], 2, 26, 'true'],
  [['c'], 3, 8, '{}'],
  [['c', 'missing'], 3, 8, '{}'],
  [[], 1, 1, '{'],
])('%j is at %i:%i', (path, line, column, said) => {
  const place = placeInJson('x.json', text, path)
  expect(place).toMatchObject({ line, column })
  expect(place.text.slice(column - 1, column - 1 + place.length)).toBe(said)
})

it('finds every key of any JSON', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue(), { minKeys: 1 }), (value) => {
      const json = JSON.stringify(value)
      for (const [key, one] of Object.entries(value)) {
        const place = placeInJson('x', json, [key])
        const shown = place.text.slice(place.column - 1, place.column - 1 + place.length)
        expect(JSON.stringify(one).startsWith(shown)).toBe(true)
      }
    }),
    { numRuns: 100 },
  )
})
