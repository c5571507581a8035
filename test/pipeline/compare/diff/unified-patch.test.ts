import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { unifiedPatch } from '../../../../src/pipeline/compare/diff/unified-patch.ts'

describe('a unified difference', () => {
  it('has three lines of context, joins hunks that touch, and numbers lines as diff does', () => {
    const before = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l', 'm'].join('\n')
    const after = before.replace('b', 'B').replace('l\n', '').concat('\nn')
    expect(unifiedPatch(before, after)).toBe(
      '@@ -1,5 +1,5 @@\n a\n-b\n+B\n c\n d\n e\n@@ -9,5 +9,5 @@\n i\n j\n k\n-l\n m\n+n\n',
    )
  })

  it('begins at line 0 where one side is empty', () => {
    expect(unifiedPatch('', 'a\n')).toBe('@@ -0,0 +1 @@\n+a\n')
  })

  it('turns one text into the other', () => {
    const lines = fc
      .array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 30 })
      .map((list) => list.map((line) => `${line}\n`).join(''))
    fc.assert(
      fc.property(lines, lines, (before, after) => {
        const patch = unifiedPatch(before, after)
        expect(patch === null ? before : applied(before, patch)).toBe(after)
      }),
    )
  })
})

/** What `patch` would make of a text. */
function applied(text: string, patch: string): string {
  const source = text.split('\n').slice(0, -1)
  const made: string[] = []
  let at = 0
  for (const line of patch.split('\n').slice(0, -1)) {
    const [, start, length] = /^@@ -(\d+)(?:,(\d+))? /.exec(line) ?? []
    if (start !== undefined) {
      const first = Number(start) - (length === '0' ? 0 : 1)
      made.push(...source.slice(at, first))
      at = first
    } else if (line.startsWith('+')) made.push(line.slice(1))
    else {
      if (source[at] !== line.slice(1)) throw new Error(`The patch does not fit at ${at}.`)
      if (line.startsWith(' ')) made.push(line.slice(1))
      at += 1
    }
  }
  return [...made, ...source.slice(at)].map((line) => `${line}\n`).join('')
}
