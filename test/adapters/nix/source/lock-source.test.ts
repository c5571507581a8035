import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { nix } from '../../../../src/adapters/nix/command.ts'
import { fullReference, lockSource } from '../../../../src/adapters/nix/source/lock-source.ts'

const root = realpathSync(mkdtempSync(join(tmpdir(), 'fleet-lock-')))
afterAll(() => rmSync(root, { recursive: true }))

const never = new AbortController().signal
let number = 0
let folder = ''
beforeEach(() => {
  number += 1
  folder = join(root, String(number))
  mkdirSync(folder)
})

function flake(directory: string, content = '{ outputs = _: { answer = 42; }; }\n'): void {
  mkdirSync(directory, { recursive: true })
  writeFileSync(join(directory, 'flake.nix'), content)
}

function git(...args: readonly string[]): string {
  const identity = ['-c', 'user.name=Fleet Test', '-c', 'user.email=test@fleet.example', '-c', 'commit.gpgsign=false']
  return execFileSync('git', ['-C', folder, ...identity, ...args], { encoding: 'utf8' }).trim()
}

function commit(): string {
  git('init', '--quiet', '--initial-branch=main')
  git('add', '--all')
  git('commit', '--quiet', '--message=one')
  return git('rev-parse', 'HEAD')
}

async function locked(reference: string, directory = folder) {
  const found = await lockSource(reference, directory, never)
  if (!found.ok) throw new Error(found.failure.detail)
  return found.value
}

async function refused(reference: string) {
  const found = await lockSource(reference, folder, never)
  return found.ok ? null : found.failure
}

const storePath = /^\/nix\/store\/[0-9a-z]{32}-source$/

test('a clean git tree is locked to its revision', async () => {
  flake(folder)
  const rev = commit()
  expect(await locked('.')).toEqual({
    original: '.',
    flake: expect.stringMatching(new RegExp(`^git\\+file://${folder}\\?.*rev=${rev}`)) as string,
    rev,
    narHash: expect.stringMatching(/^sha256-/) as string,
    dirty: false,
    lastModified: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/) as string,
    storePath: expect.stringMatching(storePath) as string,
  })
})

test('a clean tree stays locked though the next commit changes it', async () => {
  flake(folder)
  commit()
  const { flake: reference } = await locked('.')
  flake(folder, '{ outputs = _: { answer = 43; }; }\n')
  git('commit', '--quiet', '--all', '--message=two')
  expect(await valueOf(`${reference}#answer`)).toBe('42')
})

test('a dirty git tree is marked and pinned to a copy that later edits do not reach', async () => {
  flake(folder)
  commit()
  flake(folder, '{ outputs = _: { answer = 43; }; }\n')
  const source = await locked('.')
  expect(source).toMatchObject({ rev: null, dirty: true, flake: `path:${source.storePath}` })
  flake(folder, '{ outputs = _: { answer = 44; }; }\n')
  expect(await valueOf(`${source.flake}#answer`)).toBe('43')
})

test('a file that git does not know makes no tree dirty, as Nix does not see it either', async () => {
  flake(folder)
  const rev = commit()
  writeFileSync(join(folder, 'notes.txt'), 'mine\n')
  expect(await locked('.')).toMatchObject({ rev, dirty: false })
})

test('a flake outside of git is pinned to its copy and not called dirty', async () => {
  flake(folder)
  const source = await locked('.')
  expect(source).toMatchObject({ rev: null, dirty: false, flake: `path:${source.storePath}` })
  expect(source.storePath).toMatch(storePath)
})

test('a relative reference starts at the directory of fleet.yaml, not where the operator stands', async () => {
  flake(join(folder, 'nix'))
  const source = await locked('./nix')
  expect(readFileSync(join(source.storePath ?? '', 'flake.nix'), 'utf8')).toContain('answer = 42')
  expect(source.original).toBe('./nix')
})

test('a flake in a folder of a git tree keeps its folder, clean and dirty', async () => {
  flake(join(folder, 'nix'))
  const rev = commit()
  const clean = await locked('./nix')
  expect(clean.rev).toBe(rev)
  expect(await valueOf(`${clean.flake}#answer`)).toBe('42')
  flake(join(folder, 'nix'), '{ outputs = _: { answer = 43; }; }\n')
  const dirty = await locked('./nix')
  expect(dirty.dirty).toBe(true)
  expect(await valueOf(`${dirty.flake}#answer`)).toBe('43')
})

test.each(['git+file:.', 'path:.', 'path:./', '.?dir=x'])('a relative %s starts there, too', async (reference) => {
  flake(folder)
  flake(join(folder, 'x'))
  commit()
  const source = await locked(reference, folder)
  expect(source.original).toBe(reference)
  expect(await valueOf(`${source.flake}#answer`)).toBe('42')
})

test('a folder that is not there is named as it was looked for', async () => {
  expect(await refused('./missing')).toMatchObject({
    code: 'source/not-locked',
    summary: 'the flake could not be read',
    detail: expect.stringContaining(join(folder, 'missing')) as string,
  })
})

test('a folder without a flake is refused', async () => {
  expect(await refused('.')).toMatchObject({
    code: 'source/not-locked',
    detail: expect.stringContaining('flake.nix') as string,
  })
})

test('a flake with a syntax error is refused with the error', async () => {
  flake(folder, '{ outputs = \n')
  expect(await refused('.')).toMatchObject({
    code: 'source/not-locked',
    detail: expect.stringContaining('syntax error, unexpected end of file') as string,
  })
})

test('a flake.nix that Git does not track is called that', async () => {
  writeFileSync(join(folder, 'other'), '')
  commit()
  flake(folder)
  expect((await refused('.'))?.detail).toBe(
    `flake.nix is there, and Git does not track it: Nix reads only what Git tracks. Run git add flake.nix in ${folder}.`,
  )
})

test.skipIf(process.getuid?.() !== 0)(
  'a tree of another user is refused in git’s words, with what to type',
  async () => {
    flake(folder)
    commit()
    execFileSync('chown', ['-R', '1', folder])
    expect(await refused('.')).toEqual({
      code: 'source/not-locked',
      summary: 'the flake could not be read',
      detail: expect.stringMatching(
        /^git: detected dubious ownership[^]*git config --global --add safe\.directory/,
      ) as string,
    })
  },
)

test('a reference that looks like an option is not one', async () => {
  expect(await refused('--impure')).toMatchObject({ code: 'source/not-locked' })
})

/** What Nix reads at a locked reference. */
async function valueOf(installable: string): Promise<string> {
  const ended = await nix(['eval', '--no-eval-cache', '--json', '--', installable], never)
  return ended.stdout.trim() || ended.stderr
}

test('a branch has one name, whichever Nix locked it', () => {
  expect(fullReference('git+file:///x?ref=main&rev=1')).toBe('git+file:///x?ref=refs/heads/main&rev=1')
  for (const url of [
    'git+file:///x?ref=refs/heads/main&rev=1',
    'git+ssh://git@example.com/x?rev=1&ref=refs/tags/v1',
    'git+file:///x?ref=HEAD&rev=1',
    'github:owner/repository/1?ref=main',
  ])
    expect(fullReference(url)).toBe(url)
})
