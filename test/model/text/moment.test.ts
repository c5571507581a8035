import { expect, test } from 'vitest'
import { moment } from '../../../src/model/text/moment.ts'

test('a moment names its zone, and what is none stays as another program wrote it', () => {
  expect(moment('2025-11-29T20:00:00.000Z')).toBe('2025-11-29 20:00 UTC')
  expect(moment('yesterday')).toBe('yesterday')
})
