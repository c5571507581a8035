import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { run, startLogged } from '../../src/adapters/process.ts'

const folder = mkdtempSync(join(tmpdir(), 'fleet-never-started-'))
const never = new AbortController().signal

afterAll(() => rmSync(folder, { recursive: true }))

test.each([
  ['a null byte', 'a\0b'],
  ['more than the system takes', 'x'.repeat(3_000_000)],
])('an argument that holds %s is told as a program that was not started, and nothing is thrown', async (_, arg) => {
  expect(await run({ program: 'echo', args: [arg], timeoutMs: null }, never)).toMatchObject({ how: 'not-started' })
  const logged = startLogged({ program: 'echo', args: [arg] }, join(folder, 'never-started'))
  expect(await logged.exited).toMatchObject({ how: 'not-started' })
  expect(logged.isGroupAlive()).toBe(false)
})
