import * as fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { cases } from '../rig/properties/cases.ts'
import { subjects } from './subjects.ts'
import { Watch } from './watch.ts'

/*
 * Never a crash, a hang, an escape sequence on the screen, a file outside its directory, or a name that is markup, whatever
 * others wrote. `npm run fuzz` tries ten times as many inputs as the other tests do. What it finds is printed with its seed:
 * FLEET_FUZZ_SEED=SEED tries the same again.
 */

const inputs = Number(process.env['FLEET_FUZZ_INPUTS'] ?? cases(10_000))
const seed = Number(process.env['FLEET_FUZZ_SEED'] ?? Date.now() % 2 ** 31)
const watch = new Watch()

afterAll(() => watch.close())

describe(`what others wrote (seed ${seed})`, () => {
  test.each(subjects)('$name', async ({ name, inputs: any, read }) => {
    const property = fc.asyncProperty(any, (input) => watch.time(name, input, () => read(input)))
    await fc.assert(property, { numRuns: Math.ceil(inputs / subjects.length), seed, endOnFailure: false })
  })

  test('as many inputs were tried as were asked for', () => {
    expect(watch.inputs).toBeGreaterThanOrEqual(inputs)
  })
})
