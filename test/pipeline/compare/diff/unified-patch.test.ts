import { applyPatch } from 'diff'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { unifiedPatch } from '../../../../src/pipeline/compare/diff/unified-patch.ts'

describe('the patch of two texts', () => {
  it('has three lines of context, joins hunks that touch, and numbers lines as diff does', () => {
    const before = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l', 'm', ''].join('\n')
    const after = before.replace('b', 'B').replace('l\n', '').concat('n\n')
    expect(unifiedPatch(before, after)).toEqual({
      kind: 'patch',
      text: '@@ -1,5 +1,5 @@\n a\n-b\n+B\n c\n d\n e\n@@ -9,5 +9,5 @@\n i\n j\n k\n-l\n m\n+n\n',
    })
  })

  it('begins at line 0 where one side is empty', () => {
    expect(unifiedPatch('', 'a\n')).toEqual({ kind: 'patch', text: '@@ -0,0 +1 @@\n+a\n' })
  })

  it('says that the last line feed is missing, where that is all that differs too', () => {
    expect(unifiedPatch('a\n', 'a')).toEqual({
      kind: 'patch',
      text: '@@ -1 +1 @@\n-a\n+a\n\\ No newline at end of file\n',
    })
  })

  it.each([
    ['a\n', 'b\n'],
    ['long line\n', 'other\n'],
  ])('is not guessed where more than 1,000 lines differ: %j', (from, to) => {
    const last = 'the same\n'
    expect(unifiedPatch(from.repeat(500) + last, to.repeat(500) + last).kind).toBe('patch')
    expect(unifiedPatch(from.repeat(501) + last, to.repeat(500) + last)).toEqual({ kind: 'too-different' })
  })

  it('finds a short difference in long texts', () => {
    const lines = Array.from({ length: 50_000 }, (_, index) => `line ${index}\n`).join('')
    expect(unifiedPatch(lines, lines.replace('line 40000\n', ''))).toEqual({
      kind: 'patch',
      text: '@@ -39998,7 +39998,6 @@\n line 39997\n line 39998\n line 39999\n-line 40000\n line 40001\n line 40002\n line 40003\n',
    })
  })

  /** Few different lines, so that many are the same; ends of lines of every kind. */
  const text = fc
    .array(
      fc.constantFrom('a\n', 'b\n', 'c\n', '\n', ' \n', '-\n', '+\n', '@@ -1 +1 @@\n', '\\\n', 'a\r\n', '\r', '\u2028'),
      {
        maxLength: 40,
      },
    )
    .map((lines) => lines.join(''))

  it('turns one text into the other, and back', () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        const patch = unifiedPatch(before, after)
        if (patch.kind !== 'patch') {
          expect(patch).toEqual({ kind: 'same' })
          expect(before).toBe(after)
          return
        }
        expect(applied(before, patch.text)).toBe(after)
        expect(applied(after, reversed(patch.text))).toBe(before)
      }),
      { numRuns: 1000 },
    )
  })

  it('is read by the library as it is by us', () => {
    const exact = { autoConvertLineEndings: false, fuzzFactor: 0 }
    fc.assert(
      fc.property(text, text, (before, after) => {
        const patch = unifiedPatch(before, after)
        if (patch.kind === 'patch') expect(applyPatch(before, patch.text, exact)).toBe(after)
      }),
      { numRuns: 1000 },
    )
  })
})

/** What `patch` would make of a text; throws where the patch does not fit exactly. */
function applied(text: string, patch: string): string {
  const source = text.split(/(?<=\n)/)
  const made: string[] = []
  let at = 0
  const lines = patch.split('\n').slice(0, -1)
  for (const [index, line] of lines.entries()) {
    const [, start, length] = /^@@ -(\d+)(?:,(\d+))? /.exec(line) ?? []
    if (start !== undefined) {
      const first = Number(start) - (length === '0' ? 0 : 1)
      made.push(...source.slice(at, first))
      at = first
    } else if (!line.startsWith('\\')) {
      const whole = line.slice(1) + (lines[index + 1]?.startsWith('\\') === true ? '' : '\n')
      if (line.startsWith('+')) made.push(whole)
      else {
        if (source[at] !== whole) throw new Error(`The patch does not fit at ${at}.`)
        if (line.startsWith(' ')) made.push(whole)
        at += 1
      }
    }
  }
  return [...made, ...source.slice(at)].join('')
}

/** The patch that goes back. */
function reversed(patch: string): string {
  return patch
    .split('\n')
    .map((line) => {
      if (line.startsWith('@@')) return line.replace(/^@@ -(\S+) \+(\S+) @@/, '@@ -$2 +$1 @@')
      return line.replace(/^[-+]/, (mark) => (mark === '-' ? '+' : '-'))
    })
    .join('\n')
}
