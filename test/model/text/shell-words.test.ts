import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { shellWords } from '../../../src/model/text/shell-words.ts'

describe('the words of a shell command', () => {
  it.each([
    [`makeEtcEntry /nix/store/x 'it'\\''s here' symlink`, ['makeEtcEntry', '/nix/store/x', "it's here", 'symlink']],
    [`ln -s "$systemd" $out/systemd`, ['ln', '-s', '$systemd', '$out/systemd']],
    [String.raw`a "b \"c\" \d" e\ f ''`, ['a', String.raw`b "c" \d`, 'e f', '']],
    [`open 'quote`, null],
    [`open "quote`, null],
    ['', []],
  ])('%s', (line, words) => {
    expect(shellWords(line)).toEqual(words)
  })

  it('are what escapeShellArg was given', () => {
    const quote = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`
    fc.assert(
      fc.property(fc.array(fc.string()), (words) => {
        expect(shellWords(words.map(quote).join(' '))).toEqual(words)
      }),
    )
  })
})
