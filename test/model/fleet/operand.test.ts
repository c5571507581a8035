import { describe, expect, it } from 'vitest'
import { operandFrom } from '../../../src/model/fleet/operand.ts'

describe('one side of a comparison', () => {
  it.each([
    ['web-1', { how: 'host', host: 'web-1' }],
    ['web-1@41', { how: 'generation', host: 'web-1', generation: 41 }],
    ['web-1@booted', { how: 'generation', host: 'web-1', generation: 'booted' }],
    ['web-1@profile', { how: 'generation', host: 'web-1', generation: 'profile' }],
    ['main#web-1', { how: 'revision', host: 'web-1', ref: 'main' }],
    ['origin/main@{1}#web-1', { how: 'revision', host: 'web-1', ref: 'origin/main@{1}' }],
    ['#web-1', { how: 'revision', host: 'web-1', ref: null }],
    ['./result', { how: 'path', path: './result' }],
  ] as const)('reads %s', (text, operand) => {
    expect(operandFrom(text)).toEqual(operand)
  })

  it.each(['', '@41', 'web-1@', 'web-1@0', 'web-1@-1', 'web-1@newest', 'web-1@1@2', 'main#', 'main#-x', '-x'])(
    'refuses %j',
    (text) => {
      expect(operandFrom(text)).toBeNull()
    },
  )
})
