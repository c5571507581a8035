import { execFileSync } from 'node:child_process'
import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { gitCheckout } from '../../../../src/adapters/nix/source/git-checkout.ts'
import { localReference } from '../../../../src/adapters/nix/source/local-reference.ts'
import { lockSource } from '../../../../src/adapters/nix/source/lock-source.ts'
import { FlakeTree } from '../../../rig/files/flake-tree.ts'

const never = new AbortController().signal
const plain = '{ outputs = _: { answer = 42; }; }\n'

let tree = new FlakeTree()
const others: FlakeTree[] = []
beforeEach(() => {
  tree = new FlakeTree()
  tree.write({ 'flake.nix': plain })
})
afterEach(() => {
  for (const one of [tree, ...others.splice(0)]) one.close()
})

function another(): FlakeTree {
  const made = new FlakeTree()
  others.push(made)
  return made
}

async function locked(reference = '.', directory = tree.directory) {
  const found = await lockSource(reference, directory, never)
  if (!found.ok) throw new Error(found.failure.detail)
  return found.value
}

async function notes(reference = '.', directory = tree.directory) {
  return gitCheckout.notes(await locked(reference, directory), directory, never)
}

const lockOf = (mark: string) => `{ "nodes": { "root": {} }, "root": "root", "version": 7, "mark": "${mark}" }`

const codes = async (reference?: string, directory?: string) =>
  (await notes(reference, directory)).map(({ code }) => code)

test('of a clean tree there is nothing to say but that it has no remote branch', async () => {
  tree.commit('one')
  expect(await codes()).toEqual(['source/unpushed'])
})

test('a dirty tree names what is not committed, and untracked .nix files are told with what to do', async () => {
  tree.commit('one')
  tree.write({ 'flake.nix': `${plain}\n`, 'machines/grey area/foo.nix': '{ }', 'notes.txt': 'mine' })
  const found = await notes()
  expect(found.map(({ code }) => code)).toEqual(['source/dirty', 'source/untracked', 'source/unpushed'])
  expect(found[0]?.detail).toContain('1 file not committed: flake.nix.')
  expect(found[1]?.detail).toContain('machines/grey area/foo.nix (git add it).')
})

test('a tree where nothing but an untracked file is new says so though it counts as clean', async () => {
  tree.commit('one')
  tree.write(Object.fromEntries(Array.from({ length: 7 }, (_, index) => [`new-${index}.nix`, ''])))
  const untracked = (await notes()).find(({ code }) => code === 'source/untracked')
  expect(untracked?.detail).toContain('new-4.nix and 2 more (git add them).')
})

test('commits that are not pushed and those that are not here are counted, as last fetched', async () => {
  tree.commit('one')
  const clone = another()
  clone.git('clone', '--quiet', tree.directory, '.')
  clone.write({ mine: '' })
  clone.commit('mine')
  tree.write({ theirs: '' })
  tree.commit('theirs')
  clone.git('fetch', '--quiet')
  const found = await notes('.', clone.directory)
  expect(found.map(({ code, detail }) => [code, detail?.split(/[.:]/)[0]])).toEqual([
    ['source/ahead', '1 commit ahead of origin/main'],
    ['source/behind', '1 commit behind origin/main'],
  ])
})

test.each(['.', 'git+file:.'])('a shallow clone is locked and told (%s)', async (reference) => {
  tree.commit('one')
  tree.write({ more: '' })
  tree.commit('two')
  const clone = another()
  clone.git('clone', '--quiet', '--depth=1', `file://${tree.directory}`, '.')
  const source = await locked(reference, clone.directory)
  expect(source).toMatchObject({ dirty: false, flake: expect.stringContaining('shallow=1') as string })
  expect(await codes(reference, clone.directory)).toContain('source/shallow')
})

test('a lock file that does not fit is told, and nothing is written', async () => {
  const input = another()
  input.write({ 'flake.nix': plain })
  input.commit('one')
  tree.write({
    'flake.nix': `{ inputs.x.url = "git+file://${input.directory}"; outputs = { x, ... }: { inherit (x) answer; }; }`,
  })
  tree.commit('one')
  expect(await codes()).toEqual(['source/unpushed', 'source/lock-out-of-date'])
  expect(tree.git('status', '--porcelain')).toBe('')
  tree.write({ '.gitignore': 'flake.lock\n', 'flake.lock': '{}' })
  tree.commit('two')
  expect(await codes()).toEqual(['source/unpushed', 'source/lock-ignored', 'source/lock-out-of-date'])
})

test('a lock file that git does not know is told', async () => {
  tree.commit('one')
  tree.write({ 'flake.lock': '{ "nodes": { "root": {} }, "root": "root", "version": 7 }' })
  expect(await codes()).toContain('source/lock-untracked')
})

test('a lock file with conflict markers is the reason that is given', async () => {
  tree.write({ 'flake.lock': '{\n<<<<<<< HEAD\n=======\n>>>>>>> other\n}\n' })
  tree.commit('one')
  expect(await lockSource('.', tree.directory, never)).toMatchObject({
    ok: false,
    failure: { code: 'source/lock-conflict', detail: expect.stringContaining('/flake.lock was merged') as string },
  })
})

test('an input that is a directory of this machine is told', async () => {
  const input = another()
  input.write({ 'flake.nix': plain })
  tree.write({
    'flake.nix': `{ inputs.x.url = "path:${input.directory}"; outputs = { x, ... }: { inherit (x) answer; }; }`,
  })
  await tree.lock()
  tree.commit('one')
  const found = (await notes()).find(({ code }) => code === 'source/path-input')
  expect(found?.detail).toContain(`x (${input.directory}).`)
})

test('path: of a git tree is told, relative or not', async () => {
  tree.commit('one')
  expect(await codes('path:.')).toEqual(['source/unpushed', 'source/path-reference'])
  expect(await codes(`path:${tree.directory}`)).toContain('source/path-reference')
})

test('a flake outside of git, and one that is elsewhere, is not asked about', async () => {
  expect(await codes()).toEqual([])
  const source = { ...(await locked()), original: 'github:NixOS/nixpkgs' }
  expect(await gitCheckout.notes(source, tree.directory, never)).toEqual([])
})

test('the commits between what runs and what is planned are told, and a downgrade shows', async () => {
  tree.write({ 'sub/flake.nix': plain, 'sub/flake.lock': lockOf('old') })
  const old = tree.commit('one')
  tree.write({ 'sub/flake.lock': lockOf('new') })
  const newer = tree.commit('Bump \u001B[31mnginx')
  const source = await locked('./sub')
  const date = '2026-01-02T03:04:05Z'
  expect(await gitCheckout.history(source, tree.directory, { from: old, to: newer }, never)).toEqual({
    ahead: 1,
    behind: 0,
    commits: [{ rev: newer, date, subject: 'Bump nginx' }],
  })
  expect(await gitCheckout.history(source, tree.directory, { from: newer, to: old }, never)).toMatchObject({
    ahead: 0,
    behind: 1,
  })
  for (const from of ['0'.repeat(40), '--all', 'main', ''])
    expect(await gitCheckout.history(source, tree.directory, { from, to: newer }, never)).toBeNull()
  expect(await gitCheckout.lockFile(source, tree.directory, null, never)).toBe(lockOf('new'))
  expect(await gitCheckout.lockFile(source, tree.directory, old, never)).toBe(lockOf('old'))
  expect(await gitCheckout.lockFile(source, tree.directory, '0'.repeat(40), never)).toBeNull()
})

test.each([
  ['.', { scheme: '', path: '.', query: '', dir: '' }],
  ['./nix?dir=a%20b', { scheme: '', path: './nix', query: '?dir=a%20b', dir: 'a b' }],
  ['/srv/fleet#x', { scheme: '', path: '/srv/fleet', query: '', dir: '' }],
  ['path:../x', { scheme: 'path', path: '../x', query: '', dir: '' }],
  ['path:///srv/x', { scheme: 'path', path: '/srv/x', query: '', dir: '' }],
  ['git+file:.', { scheme: 'git+file', path: '.', query: '', dir: '' }],
  ['git+file:///srv/x?ref=a&dir=b', { scheme: 'git+file', path: '/srv/x', query: '?ref=a&dir=b', dir: 'b' }],
  ['nixpkgs', null],
  ['flake:fleet', null],
  ['github:a/b?dir=c', null],
  ['git+ssh://git@git.example.net:2222/a/b', null],
  ['https://flakehub.com/f/a/b/*.tar.gz', null],
  ['tarball+https://example.net/a.tar.gz', null],
])('%s is taken apart', (reference, parts) => expect(localReference(reference)).toEqual(parts))

test('a folder of the tree that is laid out as a bare repository runs none of the programs that its configuration names', async () => {
  const ran = join(another().directory, 'ran')
  const missing = '1'.repeat(40)
  tree.write({
    'machines/flake.nix': plain,
    'machines/HEAD': 'ref: refs/heads/main',
    'machines/objects/keep': '',
    'machines/refs/heads/main': missing,
    // What a partial clone lacks is fetched from its remote, by the program that it names.
    'machines/config': `[core]
  repositoryformatversion = 1
  sshCommand = "touch ${ran}; false"
[extensions]
  partialClone = origin
[remote "origin"]
  url = ssh://git.example/x
  promisor = true
`,
  })
  tree.commit('one')
  const bare = join(tree.directory, 'machines')
  expect(() =>
    execFileSync('git', ['-C', bare, 'rev-parse', '--verify', 'HEAD^{commit}'], { stdio: 'ignore' }),
  ).toThrow(/status 128|Command failed/)
  expect(existsSync(ran)).toBe(true)
  rmSync(ran)
  await notes('./machines')
  await gitCheckout.baseReference('./machines', 'HEAD', tree.directory, never)
  await gitCheckout.fileAt(bare, 'HEAD', 'fleet.yaml', never)
  expect(existsSync(ran)).toBe(false)
})

test('a flake that is nowhere in a tree without git on PATH is locked all the same', async () => {
  const { PATH } = process.env
  process.env['PATH'] = join(tree.directory, 'nothing')
  try {
    const source = {
      original: '.',
      flake: 'x',
      rev: null,
      narHash: null,
      dirty: true,
      lastModified: null,
      storePath: null,
    }
    expect(await gitCheckout.notes(source, tree.directory, never)).toEqual([])
  } finally {
    process.env['PATH'] = PATH
  }
})
