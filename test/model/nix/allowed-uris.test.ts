import { expect, it } from 'vitest'
import { allowedUris } from '../../../src/model/nix/allowed-uris.ts'

it('what a lock file names is allowed, and no more', () => {
  const node = (locked: object) => ({ locked: { narHash: 'sha256-x', ...locked } })
  const nodes = {
    a: node({ type: 'github', owner: 'NixOS', repo: 'nixpkgs', rev: 'x' }),
    b: node({ type: 'git', url: 'https://git.example/x.git', rev: 'x' }),
    c: node({ type: 'tarball', url: 'https://example.org/x.tar.gz' }),
    d: node({ type: 'path', path: '/etc' }),
    e: node({ type: 'tarball', url: 'https://example.org/x https://' }),
    root: { inputs: { a: 'a', b: 'b', c: 'c', d: 'd', e: 'e' } },
  }
  expect(allowedUris(JSON.stringify({ nodes, root: 'root', version: 7 }))).toEqual([
    'github:NixOS/nixpkgs/',
    'https://git.example/x.git',
    'git+https://git.example/x.git',
    'https://example.org/x.tar.gz',
  ])
})
