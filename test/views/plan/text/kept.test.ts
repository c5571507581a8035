import { expect, test } from 'vitest'
import { keptLine } from '../../../../src/views/plan/text/kept.ts'

test('a plan that was not saved is not promised again: `-o` plans anew, and that plan may differ', () => {
  expect(keptLine({ out: null, offline: false, hasChanges: true })).toBe(
    'This plan was not saved. `fleet plan -o FILE` plans again and saves the result for `fleet apply FILE`.',
  )
})

test('a saved plan is named with the command that rolls out exactly it', () => {
  expect(keptLine({ out: 'p.json', offline: false, hasChanges: true })).toBe(
    'Saved to p.json. To roll out exactly this plan: fleet apply p.json',
  )
})

test('a saved plan that contacted no host is not offered for apply', () => {
  expect(keptLine({ out: 'p.json', offline: true, hasChanges: true })).toBe(
    'Saved to p.json, for reading: no host was contacted, so it cannot be applied.',
  )
})

test('where there is nothing to roll out, nothing is said', () => {
  expect(keptLine({ out: null, offline: false, hasChanges: false })).toBe('')
  expect(keptLine({ out: null, offline: true, hasChanges: true })).toBe('')
})
