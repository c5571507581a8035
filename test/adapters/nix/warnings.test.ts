import { expect, test } from 'vitest'
import { warningsOf } from '../../../src/adapters/nix/warnings.ts'

test('what was printed while evaluating is added to what the configuration states, each once', () => {
  const stderr = [
    'warning: Git tree is dirty',
    '\u001B[1mtrace: \u001B[0m\u001B[1;31mwarning: foo is deprecated\u001B[0m',
    'trace: warning: services.x is old,',
    'use y',
    'trace: { }',
    'evaluation warning: bar was renamed',
    'evaluation warning: bar was renamed',
  ].join('\n')
  expect(warningsOf(['services.x is old,\nuse y'], stderr)).toEqual([
    'services.x is old, use y',
    'foo is deprecated',
    'bar was renamed',
  ])
})
