import { expect, it } from 'vitest'
import { allowedUris } from '../../../src/model/nix/allowed-uris.ts'

it('what a lock file names is allowed, in the words of each Nix, and no more', () => {
  const node = (locked: object) => ({ locked: { narHash: 'sha256-x+/=', lastModified: 1, ...locked } })
  const nodes = {
    a: node({ type: 'github', owner: 'NixOS', repo: 'nixpkgs', rev: 'x' }),
    b: node({ type: 'git', url: 'https://git.example/x.git', rev: 'x', ref: 'refs/heads/a b', submodules: true }),
    c: node({ type: 'tarball', url: 'https://example.org/x.tar.gz?z=1' }),
    d: node({ type: 'path', path: '/etc' }),
    e: node({ type: 'tarball', url: 'https://example.org/x https://' }),
    f: node({ type: 'git', url: 'git://git.example/y', rev: 'x' }),
    root: { inputs: { a: 'a', b: 'b', c: 'c', d: 'd', e: 'e', f: 'f' } },
  }
  expect(allowedUris(JSON.stringify({ nodes, root: 'root', version: 7 }))).toEqual([
    'github:NixOS/nixpkgs/',
    'https://git.example/x.git',
    'git+https://git.example/x.git?ref=refs/heads/a%20b&rev=x&submodules=1',
    'git+https://git.example/x.git?ref=refs/heads/a%20b&rev=x&shallow=1&submodules=1',
    'https://example.org/x.tar.gz?z=1',
    'https://example.org/x.tar.gz?narHash=sha256-x%2B/%3D&z=1',
    'git://git.example/y',
    'git://git.example/y?rev=x',
    'git://git.example/y?rev=x&shallow=1',
  ])
})
