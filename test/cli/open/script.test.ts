import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openScript } from '../../../src/cli/open/script.ts'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'fleet-script-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

function open(text: string, words: readonly string[] = []) {
  const file = join(folder, 'script')
  writeFileSync(file, text)
  return openScript(file, words)
}

describe('what reads a script', () => {
  test.each([
    ['uptime\n', ['sh', '-s']],
    ['#!/bin/sh\nuptime\n', ['sh', '-s']],
    ['#!/usr/bin/env bash\nuptime\n', ['bash', '-s']],
    ['#! /run/current-system/sw/bin/zsh -f\nuptime\n', ['zsh', '-s']],
  ])('of %j is the shell of its first line, or sh', async (text, words) =>
    expect(await open(text)).toMatchObject({ ok: true, value: { text, words } }),
  )

  test('is the command that was given, whatever its first line says', async () =>
    expect(await open('#!/usr/bin/env python3\nprint(1)\n', ['python3', '-'])).toMatchObject({
      ok: true,
      value: { words: ['python3', '-'] },
    }))
})

test.each([
  ['an interpreter that cannot be handed a file so', '#!/usr/bin/env python3\n', '"python3"'],
  ['a NUL', 'echo \0\n', 'NUL character'],
])('%s is refused', async (_, text, why) => {
  const opened = await open(text)
  expect(opened).toMatchObject({
    ok: false,
    diagnostics: [{ code: 'exec/script', detail: expect.stringContaining(why) as string }],
  })
})

test('a file that is not there is told of', async () => {
  expect(await openScript(join(folder, 'none'), [])).toMatchObject({
    ok: false,
    diagnostics: [{ detail: `${join(folder, 'none')}: The file does not exist.` }],
  })
})
