import { describe, expect, it } from 'vitest'
import { built, unknown } from '../../../../src/model/host/nixos-system.ts'
import { compareEtc } from '../../../../src/pipeline/compare/diff/etc.ts'
import { sampleSystem, storePath } from '../../../rig/samples/system.ts'

/** A system whose /etc has these files: a text, a source, or a source with a mode. */
function withEtc(digit: number, files: Readonly<Record<string, { text?: string; source?: string; mode?: string }>>) {
  const entries = Object.entries(files).map(([path, { text, source, mode = 'symlink' }]) => {
    const name = path.replace(/^.*\//, '')
    return { path, text, entry: { source: source ?? storePath(`etc-${name}`, digit), mode, user: '+0', group: '+0' } }
  })
  return sampleSystem({
    etc: built(new Map(entries.map(({ path, entry }) => [path, entry]))),
    texts: new Map(entries.flatMap(({ text, entry }) => (text === undefined ? [] : [[entry.source, text] as const]))),
  })
}

describe('/etc', () => {
  it('tells what comes, goes and changes, with a patch for what changes itself', () => {
    const before = withEtc(1, {
      gone: {},
      own: { text: 'a = 1\n' },
      inherited: { text: `x ${storePath('p-1.0', 1)}\n` },
      dark: {},
    })
    const after = withEtc(2, {
      come: {},
      own: { text: 'a = 2\n' },
      inherited: { text: `x ${storePath('p-2.0', 2)}\n` },
      dark: {},
    })
    expect(compareEtc(before, after)).toEqual([
      { path: 'come', change: 'added', inherited: false, patch: null },
      { path: 'dark', change: 'changed', patch: null },
      { path: 'gone', change: 'removed', inherited: false, patch: null },
      { path: 'inherited', change: 'changed', inherited: true, patch: null },
      { path: 'own', change: 'changed', inherited: false, patch: '@@ -1 +1 @@\n-a = 1\n+a = 2\n' },
    ])
  })

  it('masks secrets in patches, and says so where only a secret changes', () => {
    const side = (digit: number, text: string) => withEtc(digit, { a: { text } })
    expect(compareEtc(side(1, 'password = one\nx = 1\n'), side(2, 'password = two\nx = 2\n'))?.[0]?.patch).toBe(
      '@@ -1,2 +1,2 @@\n password = •••\n-x = 1\n+x = 2\n',
    )
    expect(compareEtc(side(1, 'password = one\n'), side(2, 'password = two\n'))).toEqual([
      { path: 'a', change: 'changed', inherited: false, patch: null, withheld: 'secrets' },
    ])
  })

  it.each([
    ['in too many lines', 'a\n'.repeat(501), 'b\n'.repeat(500)],
    ['in a line that is too long', 'a', 'b'.repeat(32 * 1024)],
  ])('says so where a patch is too large to show: texts that differ %s', (_how, from, to) => {
    expect(compareEtc(withEtc(1, { a: { text: from } }), withEtc(2, { a: { text: to } }))).toEqual([
      { path: 'a', change: 'changed', inherited: false, patch: null, withheld: 'too-large' },
    ])
  })

  it('gives no reason where nothing but the mode differs, or store paths with it', () => {
    const side = (digit: number, mode: string) =>
      withEtc(digit, { a: { text: `x ${storePath('p-1.0', digit)}\n`, mode } })
    for (const after of [side(1, '0400'), side(2, '0400')])
      expect(compareEtc(side(1, '0440'), after)).toEqual([
        { path: 'a', change: 'changed', inherited: false, patch: null },
      ])
  })

  it('tells another mode as a change of its own, and the directory of units not at all', () => {
    const side = (digit: number, mode: string) =>
      withEtc(digit, { sudoers: { source: storePath('sudoers', 1), mode }, 'systemd/system': {} })
    expect(compareEtc(side(1, '0440'), side(2, '0400'))).toEqual([
      { path: 'sudoers', change: 'changed', inherited: false, patch: null },
    ])
  })

  it('holds a pattern against the links that it made', () => {
    const pattern = (digit: number) =>
      withEtc(digit, { 'udev/rules.d': { source: `${storePath('rules', digit)}/*.rules` } })
    const links = withEtc(1, { 'udev/rules.d/a.rules': { source: `${storePath('rules', 1)}/a.rules` } })
    expect(compareEtc(links, pattern(1))).toEqual([])
    expect(compareEtc(links, pattern(2))).toEqual([{ path: 'udev/rules.d/*', change: 'changed', patch: null }])
  })

  it('is not known when one side is not', () => {
    expect(compareEtc(sampleSystem({ etc: unknown('why') }), sampleSystem())).toBeNull()
  })
})
