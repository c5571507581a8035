import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { sweep } from '../../../src/adapters/state/sweep.ts'

test('a cache lets go of what is old, and of all but the latest; what evaluations cost stays', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'fleet-sweep-'))
  try {
    for (let age = 0; age < 100; age += 1) {
      const file = join(directory, `entry-${String(age).padStart(2, '0')}`)
      writeFileSync(file, '')
      utimesSync(file, 1000 - age, 1000 - age)
    }
    writeFileSync(join(directory, 'costs.json'), '{}')
    utimesSync(join(directory, 'costs.json'), 1, 1)
    await sweep(directory, 950 * 1000, 10)
    expect(readdirSync(directory)).toEqual(['costs.json', ...Array.from({ length: 10 }, (_, age) => `entry-0${age}`)])
    await sweep(directory, 997 * 1000, 10)
    expect(readdirSync(directory)).toEqual(['costs.json', 'entry-00', 'entry-01', 'entry-02', 'entry-03'])
    await sweep(join(directory, 'nowhere'), 0, 10)
  } finally {
    rmSync(directory, { recursive: true })
  }
})
