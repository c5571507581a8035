import { expect, test } from 'vitest'
import type { Source } from '../../../src/model/plan/plan-schema.ts'
import type { Found, Observation } from '../../../src/model/host/system.ts'
import { changesSince, sinceRevision } from '../../../src/pipeline/plan/input-notes.ts'
import type { Checkout } from '../../../src/ports/checkout.ts'

const [old, now] = ['1'.repeat(40), '2'.repeat(40)]
const source = {
  rev: now,
  original: '.',
  flake: '.',
  narHash: null,
  dirty: false,
  lastModified: null,
  storePath: null,
} satisfies Source

function told(...revisions: readonly (string | null)[]): ReadonlyMap<string, Found<Observation>> {
  return new Map(revisions.map((revision, index) => [`h${index}`, { ok: true, value: { revision } as Observation }]))
}

test('changes are told from the base, else from what every host runs that tells its revision', () => {
  expect(sinceRevision(source, old, told())).toBe(old)
  expect(sinceRevision(source, null, told(old, null, old))).toBe(old)
  expect(sinceRevision(source, null, told(old, '3'.repeat(40)))).toBeNull()
  expect(sinceRevision(source, null, told(null))).toBeNull()
  expect(sinceRevision(source, null, told(now))).toBeNull()
})

function lock(rev: string, lastModified: number): string {
  const locked = { type: 'github', owner: 'NixOS', repo: 'nixpkgs', rev, lastModified, narHash: `sha256-${rev}` }
  const original = { type: 'github', owner: 'NixOS', repo: 'nixpkgs' }
  return JSON.stringify({
    version: 7,
    root: 'root',
    nodes: { root: { inputs: { nixpkgs: 'nixpkgs' } }, nixpkgs: { locked, original } },
  })
}

/** A double of a checkout that holds two commits, with one input bumped between them. */
const checkout: Checkout = {
  fileAt: () => Promise.resolve(null),
  notes: () => Promise.resolve([]),
  baseReference: () => Promise.reject(new Error('not asked')),
  history: () =>
    Promise.resolve({
      ahead: 12,
      behind: 0,
      commits: Array.from({ length: 12 }, (_, index) => ({ rev: now, date: '', subject: `change ${index}` })),
    }),
  lockFile: (_source, _directory, rev) =>
    Promise.resolve(rev === null ? lock('b'.repeat(40), 1_762_000_000) : lock('a'.repeat(40), 1_755_000_000)),
}

test('a bumped input is told with both revisions and dates, the commits with the newest ten', async () => {
  const notes = await changesSince({ since: old, source, directory: '/' }, checkout, new AbortController().signal)
  expect(notes.map(({ summary }) => summary)).toEqual([
    'input nixpkgs: aaaaaaa of 2025-08-12 → bbbbbbb of 2025-11-01',
    '12 commits since 1111111',
  ])
  expect(notes[0]?.detail).toContain(`/compare/${'a'.repeat(40)}...${'b'.repeat(40)}`)
  expect(notes[1]?.detail).toMatch(/^2222222 change 0; .*2222222 change 9; and 2 more\.$/)
})
