import { expect, it } from 'vitest'
import { parseLockFile } from '../../../src/model/nix/lock-file.ts'

it('a time that no calendar has is not known', () => {
  const locked = (lastModified: unknown) => ({
    locked: { type: 'github', owner: 'a', repo: 'b', narHash: 'x', lastModified },
  })
  const nodes = { one: locked(1e300), two: locked(1_700_000_000), root: { inputs: { one: 'one', two: 'two' } } }
  const found = parseLockFile(JSON.stringify({ nodes, root: 'root', version: 7 }))
  expect(found?.map(({ date }) => date)).toEqual([null, '2023-11-14T22:13:20Z'])
})
