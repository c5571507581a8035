import { describe, expect, it } from 'vitest'
import { closureSize, parseRegistrations } from '../../../src/model/nix/closure.ts'

describe('the registration of store paths', () => {
  const path = (name: string) => `/nix/store/0123456789abcdfghijklmnpqrsvwxyz-${name}`
  const dump = [
    path('a'),
    'hash',
    '12',
    path('a.drv'),
    '2',
    path('a'),
    path('b'),
    path('b'),
    'hash',
    '30',
    '',
    '0',
    '',
  ].join('\n')

  it('gives sizes, references without the path itself, and derivers', () => {
    const found = parseRegistrations(dump)
    if (!found.ok) throw new Error(found.failure.detail)
    expect([...found.value.values()]).toEqual([
      { path: path('a'), narSize: 12, references: [path('b')], deriver: path('a.drv') },
      { path: path('b'), narSize: 30, references: [], deriver: null },
    ])
    expect(closureSize(found.value)).toBe(42)
  })

  it('is refused when it is cut off or is something else', () => {
    for (const text of [
      dump.slice(0, 200),
      'error: what\n',
      `${path('a')}\nhash\n-1\n\n0\n`,
      `${path('a')}\nh\n1\n\n3\n${path('b')}\n`,
    ])
      expect(parseRegistrations(text)).toMatchObject({ ok: false, failure: { code: 'closure/unreadable' } })
  })
})
