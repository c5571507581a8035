import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))
const page = readFileSync(`${root}docs/security.md`, 'utf8')

test('every line of who can do what names tests, and they are there', () => {
  const rows = page
    .split('\n')
    .filter((line) => /^\| (?!who |it cannot|what a host|---|\[)/.test(line) && line.startsWith('| '))
  expect(rows.length).toBeGreaterThan(20)
  expect(rows.filter((row) => !/`test\/[^`]+\.test\.ts`/.test(row))).toEqual([])
  const named = [...page.matchAll(/`(test\/[^`]+)`/g)].map(([, file = '']) => file)
  expect(named.filter((file) => !existsSync(`${root}${file}`))).toEqual([])
})
