import fc from 'fast-check'
import type { Fault } from '../../../src/adapters/simulation/fault.ts'
import { type Simulation, simulationOf } from '../../../src/adapters/simulation/ports.ts'
import type { HostPlan, Plan, Wave } from '../../../src/model/plan/plan-schema.ts'
import { changed, type Draft, samplePlan, sampleSettings, sampleWave, unchanged, unreachable } from '../samples/plan.ts'
import { sampleCheck } from '../doubles/world.ts'
import { type Disturbance, faults } from './simulated-run.ts'

/** A plan, what will happen to its hosts, and how the run is disturbed. */
export interface Scenario {
  readonly plan: Plan
  readonly seed: number
  readonly faults: ReadonlyMap<string, Fault>
  readonly disturbance: Disturbance
  /** What was drawn, without all that every plan has. */
  readonly [fc.toStringMethod]: () => string
}

const mostHosts = 9

const limits = fc.record({
  maxParallel: fc.integer({ min: 1, max: 4 }),
  maxFailures: fc.integer({ min: 0, max: 2 }),
  bakeTimeMs: fc.constantFrom(0, 0, 60_000),
  batches: fc.constantFrom([], [], [1, 3, 10]),
  rollback: fc.constantFrom('host', 'host', 'host', 'none', 'wave', 'run'),
  promotion: fc.constantFrom('auto', 'auto', 'auto', 'manual'),
  progressDeadlineMs: fc.constantFrom(1_800_000, 1_800_000, 120_000),
} as const)

const host = fc.record({
  fault: fc.oneof(...faults.map(([weight, value]) => ({ weight, arbitrary: fc.constant(value) }))),
  /** How many places before it the host stands that it depends on; 0: it depends on none. */
  dependsOn: fc.constantFrom(0, 0, 0, 0, 1, 2, 5),
  isMember: fc.boolean(),
  action: fc.constantFrom('change', 'change', 'change', 'change', 'change', 'change', 'none', 'unreachable'),
  onUnreachable: fc.constantFrom('fail', 'skip'),
  mode: fc.constantFrom('switch', 'switch', 'switch', 'boot', 'test'),
} as const)

const rarely = fc.option(fc.integer({ min: 1, max: 150 }), { freq: 1 })

/** Fleets of up to four waves, with dependencies on earlier hosts and a group that may lose one or two members. */
export const scenario: fc.Arbitrary<Scenario> = fc
  .record({
    sizes: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 3 }),
    limits: fc.array(limits, { minLength: 3, maxLength: 3 }),
    hosts: fc.array(host, { minLength: mostHosts, maxLength: mostHosts }),
    maxUnavailable: fc.option(fc.integer({ min: 1, max: 2 })),
    seed: fc.nat(),
    interruptAfter: rarely,
    stopAfter: fc.option(fc.integer({ min: 1, max: 150 }), { freq: 1, nil: null }),
    disturbs: fc.constantFrom('nothing', 'nothing', 'interrupt', 'stop'),
  })
  .map(({ sizes, limits: drawn, hosts, maxUnavailable, seed, interruptAfter, stopAfter, disturbs }): Scenario => {
    let next = 0
    const waves = sizes.map((size, index): Wave => {
      const members = Array.from({ length: size }, () => `h${next++}`)
      return { ...sampleWave(`w${index}`, members), ...drawn[index] }
    })
    const names = waves.flatMap((wave) => wave.hosts)
    const drafts = names.map((name, index): readonly [string, Draft<HostPlan>] => {
      const { action, dependsOn, onUnreachable, mode } = hosts[index] ?? never()
      const others = dependsOn > 0 && index >= dependsOn ? [`h${index - dependsOn}`] : []
      const settings = sampleSettings(name, { dependsOn: others, onUnreachable, mode, checks: ['alive'] })
      if (action === 'none') return [name, { ...unchanged(name), settings }]
      return [name, action === 'unreachable' ? { ...unreachable(name), settings } : { ...changed(name), settings }]
    })
    const members = names.filter((_, index) => hosts[index]?.isMember === true)
    const told = { waves, hosts: hosts.slice(0, names.length), members, maxUnavailable, seed, disturbs }
    return {
      [fc.toStringMethod]: () => JSON.stringify({ ...told, interruptAfter, stopAfter }),
      plan: {
        ...frame,
        body: {
          ...frame.body,
          waves,
          groups: { some: { hosts: members, maxUnavailable } },
          hosts: inWaves(drafts, waves),
        },
      },
      seed,
      faults: new Map(names.map((name, index) => [name, hosts[index]?.fault ?? 'well'])),
      disturbance: {
        interruptAfter: disturbs === 'interrupt' ? interruptAfter : null,
        stopAfter: disturbs === 'stop' ? stopAfter : null,
        killAfter: null,
      },
    }
  })

/** What all the plans have in common: checked against the schema once, which would take longer than the rollout. */
const frame = samplePlan({}, [], { checks: { alive: sampleCheck() } })

function inWaves(drafts: readonly (readonly [string, Draft<HostPlan>])[], waves: readonly Wave[]) {
  const waveOf = new Map(waves.flatMap(({ name, hosts }) => hosts.map((host) => [host, name] as const)))
  return Object.fromEntries(drafts.map(([name, draft]) => [name, { ...draft, wave: waveOf.get(name) ?? '' }]))
}

/** The hosts of a scenario, as they are before its run. */
export function simulate({ plan, seed, faults }: Scenario): Simulation {
  return simulationOf(plan, seed, (host) => faults.get(host) ?? 'well', Date.UTC(2026, 0, 1))
}

function never(): never {
  throw new Error('fewer hosts were drawn than there are')
}
