import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import type { FleetFile } from '../../../src/model/fleet/fleet-schema.ts'
import type { Plan } from '../../../src/model/plan/plan-schema.ts'
import { expectGolden } from '../../rig/files/golden.ts'
import { cloneOf, shapes } from '../../rig/files/shape.ts'

/** Hosts that are written as disabled, and what of them is known not to evaluate. */
function enabledIn({ hosts }: FleetFile): readonly string[] {
  return Object.entries(hosts).flatMap(([name, host]) => (host?.enabled === false ? [] : [name]))
}

describe.each(shapes)('fleet init on %s', (name) => {
  it('writes the fleet.yaml that a careful person would, which validates and plans every host', async () => {
    const shape = cloneOf(name)
    try {
      const written = await shape.fleet('init')
      const text = readFileSync(join(shape.directory, 'fleet.yaml'), 'utf8')
      expectGolden(`init/${name}/fleet.yaml`, text)
      expectGolden(`init/${name}/summary.txt`, written.stdout)
      expect({ code: written.code, stderr: written.stderr }).toEqual({ code: 0, stderr: '' })
      expect(await shape.fleet('validate')).toMatchObject({ code: 0, stderr: '' })
      const plan = await shape.fleet('plan', '--offline', '--json')
      const { body } = JSON.parse(plan.stdout) as Plan
      expect(Object.keys(body.hosts)).toEqual(enabledIn(parse(text) as FleetFile))
      expect(Object.values(body.hosts).map(({ action }) => action)).not.toContain('evaluation-failed')
      expect(plan.code).toBe(0)
    } finally {
      shape.close()
    }
  })
})
