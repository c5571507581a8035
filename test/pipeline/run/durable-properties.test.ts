import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Event } from '../../../src/model/run/event-schema.ts'
import { cases } from '../../rig/properties/cases.ts'
import { scenario, simulate } from '../../rig/properties/rollout-scenario.ts'
import { play, undisturbed } from '../../rig/properties/simulated-run.ts'

/** Hosts of which events of these types are told. */
function hostsOf(events: readonly Event[], ...types: readonly Event['type'][]): ReadonlySet<string> {
  return new Set(events.flatMap((event) => (types.includes(event.type) && 'host' in event ? [String(event.host)] : [])))
}

it('a machine that is lost after any line has on its disk that each host which was changed was started', async () => {
  let changes = 0
  await fc.assert(
    fc.asyncProperty(scenario, fc.integer({ min: 1, max: 90 }), async (drawn, killAfter) => {
      const { plan } = drawn
      const simulation = simulate(drawn)
      const played = await play({ plan, simulation, run: 'one', disturbance: { ...undisturbed, killAfter } })
      const started = hostsOf(played.durable, 'host.started')
      const touched = [...simulation.fleet.hosts.values()].filter(({ activations }) => activations.length > 0)
      changes += touched.length
      for (const { name } of touched) expect(started, `${name} was activated`).toContain(name)
    }),
    { numRuns: cases(1000) },
  )
  expect(changes).toBeGreaterThan(0)
})

it('nothing is decided of a wave before the endings of its hosts, and of those before it, are on disk', async () => {
  let waves = 0
  await fc.assert(
    fc.asyncProperty(scenario, async (drawn) => {
      const { events, early } = await play({ plan: drawn.plan, simulation: simulate(drawn), run: 'one' })
      waves += events.filter(({ type }) => type === 'wave.finished').length
      expect(early).toEqual([])
    }),
    { numRuns: cases(1000) },
  )
  expect(waves).toBeGreaterThan(0)
})

it('a run that ended has all of its events on disk, in fewer groups than there are events', async () => {
  await fc.assert(
    fc.asyncProperty(scenario, async (drawn) => {
      const played = await play({ plan: drawn.plan, simulation: simulate(drawn), run: 'one' })
      expect(played.durable).toEqual(played.events)
      expect(played.flushes).toBeLessThan(played.events.length)
    }),
    { numRuns: cases(300) },
  )
})
