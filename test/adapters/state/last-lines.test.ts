import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { lastLines } from '../../../src/adapters/state/last-lines.ts'

const directory = mkdtempSync(join(tmpdir(), 'fleet-lines-'))
afterAll(() => rmSync(directory, { recursive: true }))

it.each<[string, string, readonly string[]]>([
  ['an empty file', '', []],
  ['a short one', 'a\n\nb\n', ['a', '', 'b']],
  ['one that ends within a line', 'a\nb', ['a', 'b']],
  ['a long one', Array.from({ length: 50_000 }, (_, index) => `${index}\n`).join(''), ['49997', '49998', '49999']],
])('the last lines of %s', (_, text, lines) => {
  const file = join(directory, 'log')
  writeFileSync(file, text)
  expect(lastLines(file, 3)).toEqual(lines)
})
