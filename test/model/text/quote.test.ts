import { execFileSync } from 'node:child_process'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { quote } from '../../../src/model/text/quote.ts'

/** What `sh` makes of quoted words: each as `printf` was given it. */
function throughShell(words: readonly string[]): readonly string[] {
  const command = `printf '%s\\0' ${words.map(quote).join(' ')}`
  return execFileSync('sh', ['-c', command], { encoding: 'utf8' }).split('\0').slice(0, -1)
}

test.each([
  ['plain', 'plain'],
  ['/nix/store/abc-1.2', '/nix/store/abc-1.2'],
  ['', "''"],
  ['a b', "'a b'"],
  ["it's", `'it'\\''s'`],
  ['$(reboot)', "'$(reboot)'"],
  ['`reboot`', "'`reboot`'"],
  ['=ls', "'=ls'"],
  ['~root', "'~root'"],
  ['a;b', "'a;b'"],
])('%j is written %s', (word, expected) => expect(quote(word)).toBe(expected))

test('a shell gives every word back as it was', () => {
  // Lone surrogates are no text: UTF-8 has no bytes for them.
  const word = fc.string({ unit: 'binary' }).filter((text) => !/[\0\p{Cs}]/u.test(text))
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 40 }), (words) => {
      expect(throughShell(words)).toEqual(words)
    }),
    { numRuns: 150 },
  )
})

test('a shell gives words of its own characters back', () => {
  const word = fc.string({ unit: fc.constantFrom(...Array.from('\'"\\$`!*?[]{}()<>|&;#~= \t\n-a')) })
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 40 }), (words) => {
      expect(throughShell(words)).toEqual(words)
    }),
    { numRuns: 150 },
  )
})

test('a NUL, which no shell can carry, is a bug of the caller', () => {
  expect(() => quote('a\0b')).toThrow('bug: a word for a shell cannot hold a NUL')
})
