import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { storeFiles } from '../../../src/adapters/files/store-files.ts'

const root = realpathSync(mkdtempSync(join(tmpdir(), 'fleet-store-')))
const store = join(root, 'store')
const secret = join(root, 'secret')
const files = storeFiles(store)
const object = (name: string) => join(store, `${'0'.repeat(32)}-${name}`)
const limit = 1024

beforeAll(() => {
  mkdirSync(object('etc'), { recursive: true })
  writeFileSync(secret, 'the secret')
  writeFileSync(object('motd'), 'hello')
  writeFileSync(object('large'), 'x'.repeat(limit + 1))
  writeFileSync(object('binary'), 'a\0b')
  symlinkSync(object('motd'), join(object('etc'), 'motd'))
  symlinkSync(secret, object('link-out'))
  symlinkSync('../../secret', join(object('etc'), 'relative-out'))
  symlinkSync('/dev/zero', object('endless'))
  symlinkSync(object('loop'), object('loop'))
  symlinkSync(root, object('directory-out'))
  expect(spawnSync('mkfifo', [object('pipe')]).status).toBe(0)
})
afterAll(() => rmSync(root, { recursive: true }))

describe('a text of the store', () => {
  it.each([object('motd'), join(object('etc'), 'motd')])(
    '%s is read, links inside the store followed',
    async (path) => {
      expect(await files.text(path, limit)).toBe('hello')
    },
  )

  it.each([
    ['a path that walks out of the store', `${object('etc')}/../../secret`],
    ['a path that walks out and in again', `${object('etc')}/../${'0'.repeat(32)}-motd`],
    ['a link out of the store', object('link-out')],
    ['a relative link out of the store', join(object('etc'), 'relative-out')],
    ['a file behind a directory that is a link out', join(object('directory-out'), 'secret')],
    ['a path elsewhere', secret],
    ['a device', object('endless')],
    ['a pipe that nobody writes to', object('pipe')],
    ['a loop of links', object('loop')],
    ['a directory', object('etc')],
    ['nothing', object('none')],
    ['a file that is too large', object('large')],
    ['a file with a NUL byte', object('binary')],
  ])('is not there for %s', async (_, path) => {
    expect(await files.text(path, limit)).toBeNull()
  })

  it('is not read on once the reader has lost interest', async () => {
    expect(await files.text(object('motd'), limit, AbortSignal.abort())).toBeNull()
  })
})

it('sizes and places are told of what is inside the store alone', async () => {
  expect(await files.size(join(object('etc'), 'motd'))).toEqual({ path: object('motd'), bytes: 5 })
  for (const path of [object('link-out'), object('pipe'), object('endless'), object('etc')])
    expect(await files.size(path)).toBeNull()
  expect(await files.place(object('directory-out'))).toBeNull()
})

it('a directory that leads out of the store is not listed', async () => {
  expect(await files.tree(object('directory-out'))).toBeNull()
  expect(await files.tree(object('etc'))).toEqual({
    links: [
      { name: 'motd', target: object('motd') },
      { name: 'relative-out', target: '../../secret' },
    ],
    files: [],
  })
})
