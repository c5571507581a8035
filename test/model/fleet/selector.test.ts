import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { globMatches, parseSelector } from '../../../src/model/fleet/selector.ts'

test('names, globs, groups and exclusions are told apart', () => {
  expect(parseSelector('web-1')).toEqual({ kind: 'host', name: 'web-1', exclude: false })
  expect(parseSelector('web-*')).toEqual({ kind: 'glob', name: 'web-*', exclude: false })
  expect(parseSelector('@servers')).toEqual({ kind: 'group', name: 'servers', exclude: false })
  expect(parseSelector('!@edge')).toEqual({ kind: 'group', name: 'edge', exclude: true })
})

test('a glob covers the whole name', () => {
  expect(globMatches('web-*', 'web-1')).toBe(true)
  expect(globMatches('web-*', 'my-web-1')).toBe(false)
  expect(globMatches('web-?', 'web-12')).toBe(false)
  expect(globMatches('a.b', 'axb')).toBe(false)
})

test('a glob matches what the same regular expression matches', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '-'), maxLength: 12 })
  const glob = fc.string({ unit: fc.constantFrom('a', 'b', '-', '*', '?'), maxLength: 8 })
  fc.assert(
    fc.property(glob, text, (pattern, name) => {
      const same = new RegExp(`^${pattern.replaceAll('*', '.*').replaceAll('?', '.')}$`)
      expect(globMatches(pattern, name)).toBe(same.test(name))
    }),
    { numRuns: 1000 },
  )
})

test('a hostile glob takes no time', () => {
  expect(globMatches(`${'a*'.repeat(100)}b`, 'a'.repeat(5000))).toBe(false)
})
