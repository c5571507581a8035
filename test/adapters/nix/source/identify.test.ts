import { afterEach, beforeEach, expect, test } from 'vitest'
import { askEvaluator, identify } from '../../../../src/adapters/nix/source/identify.ts'
import { lockFlake } from '../../../../src/adapters/nix/source/lock-source.ts'
import { sourceStorePath } from '../../../../src/adapters/nix/source/source-store-path.ts'
import { FlakeTree } from '../../../rig/files/flake-tree.ts'

const never = new AbortController().signal
const plain = '{ outputs = _: { answer = 42; }; }\n'

let tree = new FlakeTree()
beforeEach(() => {
  tree = new FlakeTree()
  tree.write({ 'flake.nix': plain, 'sub/flake.nix': plain })
})
afterEach(() => tree.close())

async function locked(reference = '.') {
  const found = await lockFlake(reference, tree.directory, never)
  if (!found.ok) throw new Error(found.failure.detail)
  return found.value
}

async function key(reference?: string) {
  return (await identify(await locked(reference), await askEvaluator(never))).key
}

test('where a source tree is in the store follows from its hash', async () => {
  const { source } = await locked()
  expect(sourceStorePath(source.narHash ?? '', '/nix/store')).toBe(source.storePath)
  expect(sourceStorePath('sha1-abc', '/nix/store')).toBeNull()
})

test('the same source has the same key; each content, commit and folder has its own', async () => {
  tree.commit('one')
  const clean = await key()
  expect(await key()).toBe(clean)
  const folder = await key('./sub')
  tree.write({ 'flake.nix': `${plain}# changed\n` })
  const dirty = await key()
  expect(await key()).toBe(dirty)
  const dirtyFolder = await key('./sub')
  tree.git('commit', '--quiet', '--all', '--message=two')
  const next = await key()
  const keys = [clean, folder, dirty, dirtyFolder, next]
  expect(keys).not.toContain(null)
  expect(new Set(keys).size).toBe(keys.length)
})

test('another Nix, system or store has another key', async () => {
  const [source, evaluator] = [await locked(), await askEvaluator(never)]
  if (evaluator === null) throw new Error('no Nix')
  const keys = await Promise.all(
    [evaluator, { ...evaluator, version: '9' }, { ...evaluator, system: 'z' }, { ...evaluator, store: '/s' }].map(
      async (one) => (await identify(source, one)).key,
    ),
  )
  expect(new Set(keys).size).toBe(4)
  expect(await identify(source, null)).toEqual({ key: null, fetched: false })
})

test('a lock file that is not complete fixes nothing', async () => {
  tree.write({
    'flake.nix': `{ inputs.x.url = "path:${tree.directory}/sub"; outputs = { x, ... }: { inherit (x) answer; }; }`,
  })
  expect(await identify(await locked('path:.'), await askEvaluator(never))).toEqual({ key: null, fetched: false })
  await tree.lock()
  const complete = await identify(await locked('path:.'), await askEvaluator(never))
  expect(complete).toEqual({ key: expect.any(String) as string, fetched: true })
})

test('an input that is not in the store has to be fetched first', async () => {
  tree.write({
    'flake.nix': '{ inputs.x.url = "github:nobody/nothing"; outputs = _: { }; }',
    'flake.lock': JSON.stringify({
      version: 7,
      root: 'root',
      nodes: {
        root: { inputs: { x: 'x' } },
        x: {
          locked: {
            type: 'github',
            owner: 'nobody',
            repo: 'nothing',
            rev: 'a'.repeat(40),
            narHash: `sha256-${'A'.repeat(43)}=`,
          },
          original: { type: 'github', owner: 'nobody', repo: 'nothing' },
        },
      },
    }),
  })
  expect(await identify(await locked('path:.'), await askEvaluator(never))).toMatchObject({ fetched: false })
})
