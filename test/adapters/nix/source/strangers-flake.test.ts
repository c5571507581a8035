import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { lockedToThisMachine, outsideCheckout } from '../../../../src/adapters/nix/source/strangers-flake.ts'
import { FlakeTree } from '../../../rig/files/flake-tree.ts'

const { signal } = new AbortController()
const checkout = new FlakeTree()
const elsewhere = new FlakeTree()
/** Where fleet.yaml is. */
const directory = join(checkout.directory, 'fleet')

beforeAll(() => {
  for (const tree of [checkout, elsewhere]) {
    tree.write({
      'flake.nix': '{ outputs = _: { }; }',
      'fleet/fleet.yaml': '',
      'nix/flake.nix': '{ outputs = _: { }; }',
    })
    symlinkSync(elsewhere.directory, join(tree.directory, 'link'))
    tree.commit('one')
  }
})
afterAll(() => {
  for (const tree of [checkout, elsewhere]) tree.close()
})

const refused = { code: 'evaluate/sealed' }

it.each(['..', '../nix', 'path:..', 'git+file:..', '..?dir=nix', 'github:a/b', 'git+https://git.example/a', 'missing'])(
  'a stranger’s fleet.yaml may name %s',
  async (flake) => {
    expect(await outsideCheckout(flake, directory, signal)).toBeNull()
  },
)

it('and names nothing else of this machine', async () => {
  const { directory: other } = elsewhere
  const named = [other, `path:${other}`, `git+file://${other}`, '../link', '../..', `..?dir=../../${other}`]
  const schemes = [`file://${other}/a.tar.gz`, `tarball+file://${other}/a`, `hg+file://${other}`]
  for (const flake of [...named, ...schemes])
    expect([flake, await outsideCheckout(flake, directory, signal)]).toMatchObject([flake, refused])
})

it('a folder that looks like a bare repository is no repository to git, and programs of its configuration do not run', async () => {
  const ran = join(elsewhere.directory, 'ran')
  const bare = join(checkout.directory, 'bare')
  mkdirSync(join(bare, 'objects'), { recursive: true })
  mkdirSync(join(bare, 'refs'))
  writeFileSync(join(bare, 'HEAD'), 'ref: refs/heads/main\n')
  writeFileSync(join(bare, 'config'), `[core]\nworktree = /\nfsmonitor = "touch ${ran}; false"\n`)
  expect(await outsideCheckout('git+file:../bare', directory, signal)).toMatchObject(refused)
  // Its work tree would be the whole machine.
  expect(await outsideCheckout(elsewhere.directory, bare, signal)).toMatchObject(refused)
})

it('a lock file names no path, file or repository of this machine', () => {
  const text = (locked: object) => JSON.stringify({ nodes: { input: { locked }, root: {} }, root: 'root', version: 7 })
  const allowed = [
    { type: 'github', owner: 'NixOS', repo: 'nixpkgs' },
    { type: 'git', url: 'ssh://git@git.example/x' },
    { type: 'tarball', url: 'https://git.example/x.tar.gz' },
    { type: 'path', path: './modules' },
  ]
  const local = [
    { type: 'path', path: '/root/.ssh' },
    { type: 'path', path: '../../root/.ssh' },
    { type: 'git', url: 'file:///srv/private' },
    { type: 'git', url: '/srv/private' },
    { type: 'git', url: 'ext::sh -c id' },
    { type: 'file', url: 'file:///etc/shadow' },
    { type: 'tarball', url: 'FILE:///srv/x.tar' },
    { type: 'hg', url: 'file:///srv/private' },
    { type: 'indirect', id: 'keys' },
    { path: '/root' },
  ]
  for (const locked of allowed) expect(lockedToThisMachine(text(locked))).toBeNull()
  for (const locked of local) expect([locked, lockedToThisMachine(text(locked))]).toMatchObject([locked, refused])
})
