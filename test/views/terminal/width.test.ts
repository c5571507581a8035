import fc from 'fast-check'
import stringWidth from 'string-width'
import { describe, expect, it } from 'vitest'
import { displayWidth, hang, hardSpace, pad, truncate, wrap } from '../../../src/views/terminal/width.ts'

/** Signs of every kind that hosts, flakes and people write, beside what fleet draws. */
const sign = fc.oneof(
  fc.constantFrom('a', 'Z', '0', '-', '/', '→', '…', '·', '✓', '✗', '⠋', '│', '≈', hardSpace, 'é', '©', '\u00AD'),
  fc.constantFrom(
    '漢',
    '字',
    'ｶ',
    'ﾞ',
    '한',
    '\u1112\u1161\u11AB',
    'e\u0301',
    'กำ',
    'हिं',
    '🚀',
    '🇩🇪',
    '1\uFE0F\u20E3',
    '👨‍👩‍👧',
    '⚠\uFE0F',
    '⚠',
  ),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }),
)
const signs = (most: number) => fc.array(sign, { maxLength: most }).map((list) => list.join('').replaceAll('\n', ''))

describe('the width of a text', () => {
  it.each([
    ['nginx 1.26 → 1.28', 17],
    ['日本語', 6],
    ['ｶﾞ', 2],
    ['한국', 4],
    ['cafe\u0301', 4],
    ['🚀', 2],
    ['🇩🇪', 2],
    ['1\uFE0F\u20E3', 2],
    ['⚠', 1],
    ['⚠\uFE0F', 2],
    ['', 0],
  ])('%j is %i columns', (text, columns) => {
    expect(displayWidth(text)).toBe(columns)
  })

  it('is what the package measures, also where it is not asked', () => {
    const texts = Array.from({ length: 0x3000 }, (_, code) => String.fromCharCode(code)).filter(
      (character) => !/[\p{Cc}]/u.test(character),
    )
    expect(texts.filter((text) => displayWidth(text) !== stringWidth(text))).toEqual([])
    fc.assert(
      fc.property(signs(12), (text) => {
        expect(displayWidth(text)).toBe(stringWidth(text))
      }),
    )
  })
})

describe('a text cut to a width', () => {
  it.each([
    ['/nix/store/abc', 9, '/nix/sto…'],
    ['日本語', 5, '日本…'],
    ['日本語', 4, '日…'],
    ['🇩🇪🇫🇷🇮🇹', 4, '🇩🇪…'],
    ['cafe\u0301s', 4, 'caf…'],
    ['cafe\u0301 au lait', 5, 'cafe\u0301…'],
    ['ab', 0, ''],
  ])('%j in %i columns is %j', (text, columns, cut) => {
    expect(truncate(text, columns)).toBe(cut)
  })

  it('fits, and is the text or its beginning', () => {
    fc.assert(
      fc.property(signs(20), fc.nat(20), (text, columns) => {
        const cut = truncate(text, columns)
        expect(displayWidth(cut)).toBeLessThanOrEqual(columns)
        if (cut !== text) expect(text.startsWith(cut.replace(/…$/, ''))).toBe(true)
        expect(displayWidth(pad(cut, columns))).toBe(columns)
      }),
    )
  })
})

describe('a wrapped text', () => {
  it('breaks at spaces, never in a store path or at a hard space', () => {
    const path = '/nix/store/0123456789abcdfghijklmnpqrsvwxyz-nixos-system-web-1-25.05'
    expect(wrap(`web-1 goes to ${path} and${hardSpace}then it${hardSpace}is  there`, 14)).toEqual([
      'web-1 goes to',
      path,
      'and then it is',
      'there',
    ])
  })

  it('keeps every sign as it was written, decomposed letters too', () => {
    expect(wrap('cafe\u0301 \uF900 日本語', 8)).toEqual(['cafe\u0301 \uF900', '日本語'])
  })

  it('fits, but for words that are longer, and has all words in their order', () => {
    const words = fc.array(signs(8), { maxLength: 12 })
    fc.assert(
      fc.property(words, fc.integer({ min: 1, max: 30 }), (parts, columns) => {
        const lines = wrap(parts.join(' '), columns)
        const between = parts.flatMap((part) => part.split(' ')).map((part) => part.replaceAll(hardSpace, ' ').trim())
        for (const line of lines) {
          const isLong = displayWidth(line) > columns
          if (isLong) expect(between).toContain(line.trim())
        }
        const bare = (text: string) => text.replaceAll(/\s/g, '')
        expect(bare(lines.join(''))).toBe(bare(parts.join('')))
      }),
    )
  })

  it('hangs below the end of its head', () => {
    expect(hang('  日本: ', 'one two three four five six', 28)).toEqual([
      '  日本: one two three four',
      '        five six',
    ])
  })
})
