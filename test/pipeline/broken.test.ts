import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { diagnosticsText } from '../../src/views/diagnostics-text.ts'
import { outcomeOf } from '../rig/fleet-file.ts'

const folder = new URL('../golden/broken/', import.meta.url)

test.each(readdirSync(folder))('the broken file %s tells what to do about every mistake in it', (name) => {
  const outcome = outcomeOf(readFileSync(new URL(`${name}/fleet.yaml`, folder), 'utf8'))
  const shown = diagnosticsText(outcome.diagnostics, { color: false, width: 100 })
  const expected = new URL(`${name}/expected.txt`, folder)
  if (process.env['UPDATE_GOLDEN'] === '1' || !existsSync(expected)) writeFileSync(expected, shown)
  expect(outcome.ok).toBe(false)
  expect(shown).toBe(readFileSync(expected, 'utf8'))
})
