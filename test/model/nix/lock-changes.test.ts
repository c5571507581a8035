import { expect, test } from 'vitest'
import { lockChanges } from '../../../src/model/nix/lock-changes.ts'
import { parseLockFile } from '../../../src/model/nix/lock-file.ts'

type Node = Readonly<Record<string, unknown>>

const forge = (repo: string, rev: string, more: Node = {}): Node => ({
  locked: { type: 'github', owner: 'NixOS', repo, rev, narHash: `sha256-${rev}`, lastModified: 1_700_000_000, ...more },
})

function lock(root: Node, nodes: Readonly<Record<string, Node>>): string {
  return JSON.stringify({ version: 7, root: 'root', nodes: { root: { inputs: root }, ...nodes } })
}

const old = lock({ nixpkgs: 'nixpkgs', home: 'home' }, { nixpkgs: forge('nixpkgs', 'aaa'), home: forge('home', 'hhh') })

test('an input that moved is told with both revisions, their dates and a page that compares them', () => {
  const newer = forge('nixpkgs', 'bbb', { lastModified: 1_800_000_000 })
  const changes = lockChanges(
    old,
    lock({ nixpkgs: 'nixpkgs', home: 'home' }, { nixpkgs: newer, home: forge('home', 'hhh') }),
  )
  expect(changes).toMatchObject([
    {
      name: 'nixpkgs',
      from: { rev: 'aaa', date: '2023-11-14T22:13:20Z', from: 'github:NixOS/nixpkgs' },
      to: { rev: 'bbb', date: '2027-01-15T08:00:00Z' },
      compare: 'https://github.com/NixOS/nixpkgs/compare/aaa...bbb',
    },
  ])
})

test('inputs that came, went, or come from elsewhere are told as that', () => {
  const changes = lockChanges(
    old,
    lock(
      { nixpkgs: 'nixpkgs', agenix: 'agenix' },
      { nixpkgs: forge('nixpkgs', 'bbb', { owner: 'fork' }), agenix: forge('agenix', 'ggg') },
    ),
  )
  expect(changes?.map(({ name, from, to, compare }) => [name, from?.rev, to?.rev, compare])).toEqual([
    ['agenix', undefined, 'ggg', null],
    ['home', 'hhh', undefined, null],
    ['nixpkgs', 'aaa', 'bbb', null],
  ])
})

test('inputs of inputs are named by their way, and what follows another is told once', () => {
  const nodes = {
    nixpkgs: forge('nixpkgs', 'aaa'),
    home: { ...forge('home', 'hhh'), inputs: { nixpkgs: ['nixpkgs'], utils: 'utils' } },
    utils: { ...forge('utils', 'uuu'), inputs: { home: 'home' } },
  }
  const inputs = parseLockFile(lock({ nixpkgs: 'nixpkgs', home: 'home' }, nodes))
  expect(inputs?.map(({ name }) => name)).toEqual(['home', 'home/utils', 'nixpkgs'])
})

test('a rename of nodes alone is no change', () => {
  const renamed = lock(
    { nixpkgs: 'nixpkgs_2', home: 'home' },
    { nixpkgs_2: forge('nixpkgs', 'aaa'), home: forge('home', 'hhh') },
  )
  expect(lockChanges(old, renamed)).toEqual([])
})

test('a commit without a lock file had no inputs', () => {
  expect(lockChanges('', old)?.map(({ name }) => name)).toEqual(['home', 'nixpkgs'])
})

test.each(['<<<<<<< HEAD\n{}', '[]', 'null', '{"nodes":{}}', '{"root":"root"}'])('%j is no lock file', (text) => {
  expect(parseLockFile(text)).toBeNull()
  expect(lockChanges(text, old)).toBeNull()
})

test('a lock file of odd shape is read as far as it goes', () => {
  const odd =
    '{"root":"root","nodes":{"root":{"inputs":{"a":"a","b":"missing"}},"a":{"locked":{"type":"indirect","id":"x"}}}}'
  expect(parseLockFile(odd)).toEqual([
    { name: 'a', from: 'indirect:x', rev: null, date: null, narHash: '', page: null, path: null },
  ])
})
