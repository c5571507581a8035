import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { expandSelectors } from '../../../src/pipeline/settings/select.ts'

const hosts = ['web-1', 'web-2', 'grey-area', 'db-1']
const groups = { web: { hosts: ['web-2', 'web-1'] }, none: { hosts: [] } }

function expand(...selectors: string[]): readonly string[] | string {
  const outcome = expandSelectors(selectors, hosts, groups)
  return outcome.ok ? outcome.value : outcome.diagnostics.map(({ detail }) => detail).join(' ')
}

test('a list is a union in its written order', () => {
  expect(expand('db-1', 'web-*')).toEqual(['db-1', 'web-1', 'web-2'])
  expect(expand('@web', 'web-1', '*')).toEqual(['web-2', 'web-1', 'grey-area', 'db-1'])
})

test('exclusions apply last, wherever they stand', () => {
  expect(expand('!web-1', '@web', 'db-1')).toEqual(['web-2', 'db-1'])
  expect(expand('*', '!@web')).toEqual(['grey-area', 'db-1'])
})

test('exclusions alone leave out of all hosts', () => expect(expand('!@web')).toEqual(['grey-area', 'db-1']))

test('what matches nothing is echoed with the nearest match', () => {
  expect(expand('gray-area')).toBe('There is no host `gray-area`. Did you mean `grey-area`?')
  expect(expand('@wbe')).toBe('There is no group `wbe`. Did you mean `web`?')
  expect(expand('wbe-*')).toMatch(/^No host's name is like `wbe-\*`\./)
  expect(expand('web')).toBe('`web` is a group: write "@web".')
  expect(expand('@db-1')).toBe('`db-1` is a host, not a group: write it without `@`.')
  expect(expand('@none')).toBe('The group `none` of `@none` has no hosts.')
  expect(expand('*', '!grey-aera')).toMatch(/Did you mean `grey-area`/)
})

test('all selectors that match nothing are reported, and none has a place', () => {
  const outcome = expandSelectors(['x', 'web-1', '@y'], hosts, groups)
  expect(outcome.diagnostics.map(({ code, place }) => [code, place])).toEqual([
    ['config/unknown-host', null],
    ['config/unknown-group', null],
  ])
})

test('a selection that excludes itself away is an error', () => {
  expect(expand('web-1', '!web-1')).toBe('The exclusions in `web-1` `!web-1` leave no host.')
})

test('names that every object has are not hosts or groups', () => {
  expect(expand('constructor')).toMatch(/There is no host/)
  expect(expand('@toString')).toMatch(/There is no group/)
})

test('whatever the selectors: no host twice, none that is excluded, every one known', () => {
  const selector = fc.constantFrom('web-1', 'web-*', '@web', '*', 'db-1', 'grey-area', '!web-1', '!@web', '!db-?')
  fc.assert(
    fc.property(fc.array(selector, { minLength: 1, maxLength: 6 }), (selectors) => {
      const outcome = expandSelectors(selectors, hosts, groups)
      if (!outcome.ok) return
      expect(new Set(outcome.value).size).toBe(outcome.value.length)
      expect(hosts).toEqual(expect.arrayContaining([...outcome.value]))
      const excluded = [
        ...(selectors.includes('!web-1') ? ['web-1'] : []),
        ...(selectors.includes('!@web') ? groups.web.hosts : []),
      ]
      expect(outcome.value.filter((host) => excluded.includes(host))).toEqual([])
    }),
  )
})

test('words joined by & name the hosts that all of them name', () => {
  expect(expand('@web&*-1')).toEqual(['web-1'])
  expect(expand('*&!@web&!db-*')).toEqual(['grey-area'])
  expect(expand('*', '!@web&*-1')).toEqual(['web-2', 'grey-area', 'db-1'])
  expect(expand('@web&db-1')).toBe('No host is named by all of `@web&db-1`.')
  expect(expand('@web&@wbe')).toBe('There is no group `wbe`. Did you mean `web`?')
  expect(expand('@web&')).toMatch(/^There is no host ``\./)
})
