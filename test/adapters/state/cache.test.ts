import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { systemClock } from '../../../src/adapters/clock.ts'
import { fileClosureCache } from '../../../src/adapters/state/cache.ts'
import type { ClosurePath } from '../../../src/model/nix/closure.ts'
import type { ClosureCache } from '../../../src/ports/cache.ts'
import { storePath } from '../../rig/samples/system.ts'

let directory: string
let cache: ClosureCache
const [top, library] = [storePath('nixos-system-a'), storePath('lib')]
const records: readonly ClosurePath[] = [
  { path: top, narSize: 1, references: [library], deriver: `${top}.drv` },
  { path: library, narSize: 2, references: [], deriver: null },
]
const closure = new Map(records.map((record) => [record.path, record]))

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'fleet-cache-'))
  cache = fileClosureCache(directory, systemClock)
})

afterEach(() => rmSync(directory, { recursive: true }))

describe('the cache of closures', () => {
  it('knows nothing at first, and then what it was told', async () => {
    expect(await cache.get(top, 'web-1')).toBeNull()
    await cache.put(top, closure, { host: 'web-1' })
    expect(await fileClosureCache(directory, systemClock).get(top, 'web-1')).toEqual(closure)
  })

  it('keeps its files to their owner, and takes a damaged one for none', async () => {
    await cache.put(top, closure, { host: 'web-1' })
    const folder = join(directory, 'cache', 'closures', 'hosts', 'web-1')
    const file = join(folder, readdirSync(folder)[0] ?? '')
    expect(statSync(file).mode & 0o777).toBe(0o600)
    for (const damage of ['', 'not compressed']) {
      writeFileSync(file, damage)
      expect(await cache.get(top, 'web-1')).toBeNull()
    }
    await cache.put(top, closure, { host: 'web-1' })
    expect(await cache.get(top, 'web-1')).toEqual(closure)
  })

  it('tells what a host told of that host alone', async () => {
    const invented = new Map([[top, { path: top, narSize: 9, references: [], deriver: null }]])
    const own = fileClosureCache(mkdtempSync(join(directory, 'told-')), systemClock)
    await own.put(top, invented, { host: 'liar' })
    expect(await own.get(top, 'liar')).toEqual(invented)
    expect(await own.get(top, 'honest')).toBeNull()
    await own.put(top, closure, { host: 'honest' })
    expect(await own.get(top, 'honest')).toEqual(closure)
    expect(await own.get(top, 'liar')).toEqual(invented)
  })

  it('believes the store of this machine before any host', async () => {
    const own = fileClosureCache(mkdtempSync(join(directory, 'here-')), systemClock)
    await own.put(top, new Map([[top, { path: top, narSize: 9, references: [], deriver: null }]]), { host: 'liar' })
    await own.put(top, closure, 'this-machine')
    expect(await own.get(top, 'liar')).toEqual(closure)
    expect(await own.get(top, 'another')).toEqual(closure)
  })

  it.each(['..', '.', '../../roots', 'a/b'])('keeps what a host named %s told in its own folder', async (host) => {
    const state = mkdtempSync(join(directory, 'named-'))
    await fileClosureCache(state, systemClock).put(top, closure, { host })
    expect(readdirSync(join(state, 'cache', 'closures'))).toEqual(['hosts'])
    expect(readdirSync(join(state, 'cache', 'closures', 'hosts'))).toHaveLength(1)
    expect(readdirSync(state)).toEqual(['cache'])
  })

  it('says why it could not keep something, and goes on', async () => {
    const file = join(directory, 'a-file')
    writeFileSync(file, '')
    const nowhere = fileClosureCache(file, systemClock)
    expect(await nowhere.put(top, closure, { host: 'web-1' })).toMatchObject({ code: 'cache/not-written' })
    expect(await nowhere.get(top, 'web-1')).toBeNull()
  })
})
