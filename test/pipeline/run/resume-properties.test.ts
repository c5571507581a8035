import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Simulation } from '../../../src/adapters/simulation/ports.ts'
import type { Plan } from '../../../src/model/plan/plan-schema.ts'
import { isConverged } from '../../../src/model/host/converged.ts'
import { broken, rules } from '../../rig/properties/rollout-rules.ts'
import { cases } from '../../rig/properties/cases.ts'
import { scenario, simulate } from '../../rig/properties/rollout-scenario.ts'
import { play, type Played, tail, undisturbed } from '../../rig/properties/simulated-run.ts'

/** Hosts that run what the plan wants and on which nothing is under way. */
function converged({ body }: Plan, { fleet }: Simulation): ReadonlySet<string> {
  const now = fleet.clock.now()
  const there = Object.entries(body.hosts).filter(([name, planned]) => {
    if (planned.action !== 'change') return false
    const host = fleet.host(name)
    return isConverged(planned.settings.mode, host.stateAt(now), planned.to) && !host.isActivatingAt(now)
  })
  return new Set(there.map(([name]) => name))
}

/** Hosts that should run something else than they do, and of which the run does not say so. */
function untold(plan: Plan, simulation: Simulation, { state }: Played): readonly string[] {
  const there = converged(plan, simulation)
  return [...(state?.hosts.values() ?? [])].flatMap(({ host, ending, reverted }) => {
    if (reverted !== null) return []
    const isFine =
      ending?.type === 'host.succeeded' || (ending?.type === 'host.skipped' && ending.cause === 'converged')
    return isFine && plan.body.hosts[host]?.action === 'change' && !there.has(host) ? [host] : []
  })
}

const patience = new AbortController().signal

describe('a run that is killed after any line of its journal', () => {
  it('is taken up by the next one, which converges or refuses, and takes no converged host back', async () => {
    const killAfter = fc.integer({ min: 1, max: 90 })
    const later = fc.constantFrom(0, 5_000, 3_600_000)
    const isMended = fc.boolean()
    await fc.assert(
      fc.asyncProperty(scenario, killAfter, later, isMended, async (drawn, count, pause, mended) => {
        const { plan } = drawn
        const simulation = simulate(drawn)
        const { clock, hosts } = simulation.fleet
        const killed = await play({ plan, simulation, run: 'one', disturbance: { ...undisturbed, killAfter: count } })
        const kept = rules.filter(({ name }) => name !== 'no lock is left behind')
        expect(broken({ plan, simulation, played: killed }, kept)).toBeNull()
        if (mended) for (const host of hosts.values()) host.fault = 'well'
        await clock.sleep(pause, patience)
        const before = converged(plan, simulation)
        const activations = new Map([...before].map((name) => [name, simulation.fleet.host(name).activations.length]))
        const now = clock.now()
        const busy = new Set([...hosts.keys()].filter((name) => simulation.fleet.host(name).isActivatingAt(now)))
        const resumed = await play({ plan, simulation, run: 'two', resumes: 'one' })
        // What the killed run has left at work on a host may still roll it back, which is no change of the second run.
        const changed = resumed.changed.filter((name) => !busy.has(name))
        expect(broken({ plan, simulation, played: { ...resumed, changed } })).toBeNull()
        const after = converged(plan, simulation)
        for (const name of before) {
          const told = `${name} was there already\n${tail(resumed.events)}`
          expect(after.has(name), told).toBe(true)
          expect(simulation.fleet.host(name).activations, told).toHaveLength(activations.get(name) ?? 0)
        }
        expect(untold(plan, simulation, resumed)).toEqual([])
      }),
      { numRuns: cases(3500) },
    )
  })
})

describe('two runs of a plan at once on the same hosts', () => {
  it('change no host twice, and leave none between two systems but by its own fault', async () => {
    await fc.assert(
      fc.asyncProperty(scenario, fc.integer({ min: 0, max: 60_000 }), async (drawn, pause) => {
        const { plan } = drawn
        const simulation = simulate(drawn)
        const late = simulation.fleet.clock.sleep(pause, patience)
        const both = await Promise.all([
          play({ plan, simulation, run: 'one' }),
          late.then(() => play({ plan, simulation, run: 'two' })),
        ])
        const apart = new Set([
          'exit codes 1, 2, 5, 6, 7 and 64 leave no activation',
          // One of them may have said so before the other changed it.
          'what is said of a host is what the host runs',
        ])
        for (const played of both) {
          const kept = rules.filter(({ name }) => !apart.has(name))
          expect(broken({ plan, simulation, played }, kept)).toBeNull()
        }
      }),
      { numRuns: cases(1000) },
    )
  })
})
