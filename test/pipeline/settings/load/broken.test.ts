import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { diagnosticsText } from '../../../../src/views/terminal/diagnostics.ts'
import { outcomeOf } from '../../../rig/files/fleet-file.ts'
import { expectGolden } from '../../../rig/files/golden.ts'

const folder = new URL('../../../golden/broken/', import.meta.url)

test.each(readdirSync(folder))('the broken file %s tells what to do about every mistake in it', (name) => {
  const outcome = outcomeOf(readFileSync(new URL(`${name}/fleet.yaml`, folder), 'utf8'))
  expect(outcome.ok).toBe(false)
  expectGolden(`broken/${name}/expected.txt`, diagnosticsText(outcome.diagnostics, { color: false, width: 100 }))
})
