import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { makeStateDirectory } from '../../../src/adapters/state/state-directory.ts'

const folder = mkdtempSync(join(tmpdir(), 'fleet-state-'))
afterAll(() => rmSync(folder, { recursive: true }))

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
