import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  lchownSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { makeStateDirectory, stateProblem } from '../../../src/adapters/state/state-directory.ts'

const folder = mkdtempSync(join(tmpdir(), 'fleet-state-'))
afterAll(() => rmSync(folder, { recursive: true }))
const never = new AbortController().signal
/** Why the state directory is refused; null: it is not. */
const refusal = async (state: string) => (await stateProblem(state, never))?.detail ?? null

test('git is told to ignore what fleet keeps, and what is written there already stays', () => {
  const state = join(folder, 'deep/.fleet')
  makeStateDirectory(state)
  expect(readFileSync(join(state, '.gitignore'), 'utf8')).toBe('*\n')
  writeFileSync(join(state, '.gitignore'), '*\n!keep\n')
  makeStateDirectory(state)
  expect(readFileSync(join(state, '.gitignore'), 'utf8')).toBe('*\n!keep\n')
})

test('a place that cannot be a directory is left to those who need it', () => {
  writeFileSync(join(folder, 'file'), '')
  expect(() => makeStateDirectory(join(folder, 'file'))).not.toThrow()
  expect(() => makeStateDirectory(join(folder, 'file/below'))).not.toThrow()
})

test('a link that stands where git is told what to ignore makes no file elsewhere', () => {
  const [state, elsewhere] = [join(folder, 'linked/.fleet'), join(folder, 'elsewhere')]
  mkdirSync(state, { recursive: true })
  symlinkSync(elsewhere, join(state, '.gitignore'))
  makeStateDirectory(state)
  expect(existsSync(elsewhere)).toBe(false)
})

test('a directory that fleet made is its own, and so is one that is not there', async () => {
  const state = join(folder, 'own/.fleet')
  expect(await refusal(state)).toBeNull()
  makeStateDirectory(state)
  mkdirSync(join(state, 'runs'))
  expect(await refusal(state)).toBeNull()
})

test('a link in the place of the state directory, or of its runs, is refused', async () => {
  const [real, state] = [join(folder, 'real'), join(folder, 'link/.fleet')]
  mkdirSync(real)
  mkdirSync(join(folder, 'link'))
  symlinkSync(real, state)
  expect(await refusal(state)).toMatch(/\.fleet: it is a link\. .*--state-dir/)
  const made = join(folder, 'made/.fleet')
  makeStateDirectory(made)
  symlinkSync(real, join(made, 'runs'))
  expect(await refusal(made)).toMatch(/runs: it is a link/)
})

test('what Git tracks is refused, whatever .gitignore says', async () => {
  const tree = join(folder, 'tree')
  mkdirSync(join(tree, '.fleet/runs/20260101T000000Z-0000'), { recursive: true })
  writeFileSync(join(tree, '.fleet/runs/20260101T000000Z-0000/journal.jsonl'), '{}\n')
  const git = (...args: readonly string[]) => execFileSync('git', ['-C', tree, ...args])
  git('init', '-q')
  expect(await refusal(join(tree, '.fleet'))).toBeNull()
  git('add', '--force', '.fleet')
  expect(await refusal(join(tree, '.fleet'))).toMatch(/Git tracks files in it/)
})

test('what everybody may write to is refused', async () => {
  const state = join(folder, 'open')
  makeStateDirectory(state)
  chmodSync(state, 0o777)
  expect(await refusal(state)).toMatch(/every user of this machine may write to it/)
})

test.skipIf(process.geteuid?.() !== 0)('what belongs to another user is refused', async () => {
  const state = join(folder, 'foreign')
  makeStateDirectory(state)
  lchownSync(state, 12_345, 12_345)
  expect(await refusal(state)).toMatch(/it belongs to user 12345, and fleet runs as 0/)
})
