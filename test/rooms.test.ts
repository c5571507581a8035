import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { circlesOfRooms, crowdedFolders, importsBelow, testsThatReach } from './rig/files/rooms.ts'

const source = importsBelow(fileURLToPath(new URL('../src', import.meta.url)))

describe('the rooms of src', () => {
  it('have arrows that run one way, at every level, imports of types included', () => {
    expect(circlesOfRooms(source)).toEqual([])
  })

  it('hold at most sixteen files side by side', () => {
    expect(crowdedFolders(source, 16)).toEqual([])
  })
})

describe('the rooms of test', () => {
  const tests = importsBelow(fileURLToPath(new URL('.', import.meta.url)))

  it('hold at most sixteen files side by side', () => {
    expect(crowdedFolders(tests, 16)).toEqual([])
  })

  it('make hosts only where a test is named for it, so that the others run without root', () => {
    const reaching = testsThatReach('lab/lab.ts', tests)
    expect(reaching).toContain('e2e/apply/rollout.test.ts')
    expect(reaching).toContain('adapters/engines/nix.lab.test.ts')
    expect(reaching.filter((file) => !/^(e2e|lab)\/|\.lab\.test\.ts$/.test(file))).toEqual([])
  })
})

describe('what reads the rooms', () => {
  it('sees the imports of every kind', () => {
    expect(source.get('main.ts')).toContain('cli/open/version.ts')
    expect(source.get('main.ts')).toContain('cli/run-command.ts')
    expect(source.get('model/text/quote.ts')).toEqual([])
    expect(source.get('cli/session/screen.ts')).toContain('views/run/live.ts')
  })

  it('refuses a circle of two rooms, though no file is in a circle', () => {
    const planted = new Map([
      ['pipeline/host/prepare.ts', ['pipeline/run/loop.ts']],
      ['pipeline/run/loop.ts', []],
      ['pipeline/run/open.ts', ['pipeline/host/lock.ts']],
      ['pipeline/host/lock.ts', []],
    ])
    expect(circlesOfRooms(planted)).toEqual(['pipeline: host ↔ run'])
  })

  it('refuses a circle through a third room, and one below another room', () => {
    const planted = new Map([
      ['a/deep/x/1.ts', ['a/deep/y/1.ts']],
      ['a/deep/y/1.ts', ['a/deep/z.ts']],
      ['a/deep/z.ts', ['a/deep/x/2.ts']],
      ['a/deep/x/2.ts', []],
    ])
    expect(circlesOfRooms(planted)).toEqual(['a/deep: x ↔ y ↔ z.ts'])
  })

  it('refuses a folder with one file too many', () => {
    const files = Array.from({ length: 17 }, (_, index): [string, readonly string[]] => [`views/${index}.ts`, []])
    expect(crowdedFolders(new Map(files), 16)).toEqual(['views: 17 files'])
    expect(crowdedFolders(new Map(files.slice(1)), 16)).toEqual([])
  })
})
