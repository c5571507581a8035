import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { fileClosureCache } from '../../../src/adapters/state/cache.ts'
import type { ClosurePath } from '../../../src/model/nix/closure.ts'
import { storePath } from '../../rig/samples/system.ts'

const directory = mkdtempSync(join(tmpdir(), 'fleet-cache-'))
const cache = fileClosureCache(directory)
const [top, library] = [storePath('nixos-system-a'), storePath('lib')]
const records: readonly ClosurePath[] = [
  { path: top, narSize: 1, references: [library], deriver: `${top}.drv` },
  { path: library, narSize: 2, references: [], deriver: null },
]
const closure = new Map(records.map((record) => [record.path, record]))

afterAll(() => rmSync(directory, { recursive: true }))

describe('the cache of closures', () => {
  it('knows nothing at first, and then what it was told', async () => {
    expect(await cache.get(top)).toBeNull()
    await cache.put(top, closure)
    expect(await fileClosureCache(directory).get(top)).toEqual(closure)
  })

  it('keeps its files to their owner, and takes a damaged one for none', async () => {
    const folder = join(directory, 'cache', 'closures')
    const file = join(folder, readdirSync(folder)[0] ?? '')
    expect(statSync(file).mode & 0o777).toBe(0o600)
    for (const damage of ['', 'not compressed']) {
      writeFileSync(file, damage)
      expect(await cache.get(top)).toBeNull()
    }
    await cache.put(top, closure)
    expect(await cache.get(top)).toEqual(closure)
  })

  it('says why it could not keep something, and goes on', async () => {
    const file = join(directory, 'a-file')
    writeFileSync(file, '')
    const nowhere = fileClosureCache(file)
    expect(await nowhere.put(top, closure)).toMatchObject({ code: 'cache/not-written' })
    expect(await nowhere.get(top)).toBeNull()
  })
})
