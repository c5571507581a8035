import { readFileSync } from 'node:fs'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { outcomeOf } from '../../../rig/files/fleet-file.ts'

test('whatever the waves: when a fleet resolves, every enabled host is in exactly one of them and no other is in any', () => {
  const selector = fc.constantFrom('h0', 'h1', 'h2', 'h*', '@g', '*', '!h1', '!@g')
  const waves = fc.array(fc.array(selector, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 4 })
  const enabled = fc.array(fc.boolean(), { minLength: 5, maxLength: 5 })
  let resolved = 0
  fc.assert(
    fc.property(waves, enabled, (lists, switches) => {
      const hosts = Object.fromEntries(switches.map((on, index) => [`h${index}`, { enabled: on }]))
      const file = {
        version: 1,
        name: 'a',
        hosts,
        groups: { g: { hosts: ['h2', 'h3'] } },
        waves: lists.map((list, index) => ({ name: `w${index}`, hosts: list, allowEmpty: true })),
      }
      const outcome = outcomeOf(JSON.stringify(file))
      if (!outcome.ok) return
      resolved++
      const placed = outcome.value.waves.flatMap((wave) => wave.hosts)
      expect(placed.toSorted()).toEqual(Object.keys(hosts).filter((name) => hosts[name]?.enabled))
    }),
    { numRuns: 500 },
  )
  expect(resolved).toBeGreaterThan(50)
})

test('whatever the text, loading and resolving end with a fleet or with diagnostics that have places', () => {
  const sound = readFileSync(new URL('../../../../fleet.yaml', import.meta.url), 'utf8').replaceAll(/ *#.*$/gm, '')
  const edit = fc.tuple(
    fc.nat(sound.length),
    fc.nat(6),
    fc.constantFrom('', ' ', '\t', '"', '{', '- ', '*', '!', '\n', ': ', '0', '-x', 'null'),
  )
  fc.assert(
    fc.property(fc.array(edit, { minLength: 1, maxLength: 3 }), (edits) => {
      const text = edits.reduce((now, [at, length, put]) => now.slice(0, at) + put + now.slice(at + length), sound)
      const outcome = outcomeOf(text)
      if (outcome.ok) return
      expect(outcome.diagnostics.length).toBeGreaterThan(0)
      for (const { place } of outcome.diagnostics) {
        expect(place?.text.slice((place?.column ?? 0) - 1).length ?? -1).toBeGreaterThanOrEqual(0)
        expect(text.split(/\r?\n/)[(place?.line ?? 0) - 1]).toBe(place?.text)
      }
    }),
    { numRuns: 300 },
  )
})
