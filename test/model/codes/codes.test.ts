import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { codeFrom, codes, followsFrom } from '../../../src/model/codes/codes.ts'

const root = fileURLToPath(new URL('../../../src', import.meta.url))

/** The source of fleet without the list of codes itself and without what is generated. */
const sources = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !file.startsWith(join('model', 'codes')) && !file.endsWith('-schema.ts'))
  .map((file) => ({ file, text: readFileSync(join(root, file), 'utf8') }))

const areas = new Set(Object.keys(codes).map((code) => code.split('/')[0] ?? ''))

test('every code has a place in the source that tells it', () => {
  const written = new Set(sources.flatMap(({ text }) => text.match(/(?<=')[a-z-]+\/[a-z-]+(?=')/g) ?? []))
  expect(Object.keys(codes).filter((code) => !written.has(code))).toEqual([])
})

test('nothing in the source decides by how a code begins', () => {
  const area = `(?:${[...areas].join('|')})`
  const beginning = new RegExp(String.raw`'${area}/'|\`${area}/\$\{|\^\(?${area}\\/`)
  expect(sources.filter(({ text }) => beginning.test(text)).map(({ file }) => file)).toEqual([])
})

test('a code that another version wrote decides nothing', () => {
  for (const code of ['ssh/refused-by-a-later-version', 'roll-back/', 'toString', ''])
    expect(followsFrom(codeFrom(code))).toEqual(followsFrom('plan/console'))
})

test('what follows from a code that was read is what follows from one of our own', () => {
  expect(followsFrom(codeFrom('ssh/refused-login'))).toMatchObject({ again: 'final', contact: 'shut-out' })
})
