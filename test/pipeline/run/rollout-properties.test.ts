import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { broken } from '../../rig/properties/rollout-rules.ts'
import { cases } from '../../rig/properties/cases.ts'
import { scenario, simulate } from '../../rig/properties/rollout-scenario.ts'
import { play } from '../../rig/properties/simulated-run.ts'

describe('a rollout, whatever happens to its hosts, in whatever order, and whenever it is interrupted', () => {
  it('ends, and keeps every rule', async () => {
    await fc.assert(
      fc.asyncProperty(scenario, async (drawn) => {
        const { plan, disturbance } = drawn
        const simulation = simulate(drawn)
        const played = await play({ plan, simulation, run: 'one', disturbance })
        expect(broken({ plan, simulation, played })).toBeNull()
      }),
      { numRuns: cases(5500) },
    )
  })
})
