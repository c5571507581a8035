import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Fleet } from '../../../src/model/fleet/fleet.ts'
import type { Check } from '../../../src/model/plan/plan-schema.ts'
import { fleetOf, outcomeOf } from './fleet-file.ts'

/** The directory of the examples, as if it held the fleet.yaml that names them. */
export const examples = fileURLToPath(new URL('../../../examples', import.meta.url))

/** The files of a folder of the examples. */
export function exampleFiles(folder: 'checks' | 'hooks'): readonly string[] {
  return readdirSync(`${examples}/${folder}`).map((file) => `${folder}/${file}`)
}

/** The fleet of a fleet.yaml with what stands at the top of an example; of an example that is one, that. */
export function fleetOfExample(file: string): Fleet {
  const text = readFileSync(`${examples}/${file}`, 'utf8')
  if (file.endsWith('.yaml')) {
    const outcome = outcomeOf(text)
    if (!outcome.ok) throw new Error(outcome.diagnostics.map(({ detail }) => detail).join('\n'))
    return outcome.value
  }
  const lines = text.split('\n').flatMap((line) => /^(?:#| \*) {3}(.*)$/.exec(line)?.[1] ?? [])
  if (lines.length === 0) throw new Error(`${file} does not say how to use it`)
  return fleetOf(`hosts: { grey-area: {} }\n${lines.join('\n')}\n`)
}

/** The check that an example is about. */
export function checkOfExample(file: string): Check {
  const { checks } = fleetOfExample(file)
  const own = Object.entries(checks).find(([name]) => name !== 'ssh' && name !== 'units')
  if (own === undefined) throw new Error(`${file} names no check`)
  return own[1]
}
