import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isFailure } from '../../../src/model/run/event.ts'
import type { PlanBody, Wave } from '../../../src/model/plan/plan-schema.ts'
import { initialRun, reduce } from '../../../src/model/run/run.ts'
import { cases } from '../../rig/properties/cases.ts'
import { isEnding } from '../../rig/properties/ending.ts'
import { changed, samplePlan, sampleSettings, sampleWave } from '../../rig/samples/plan.ts'
import { type HostOutcome, SimulatedRollout } from '../../rig/properties/simulated-rollout.ts'

interface Scenario {
  readonly body: PlanBody
  readonly outcomes: Readonly<Record<string, HostOutcome>>
  readonly choices: readonly number[]
  readonly interruptAfter: number | null
}

const outcome: fc.Arbitrary<HostOutcome> = fc.record({
  prepared: fc.oneof(
    { weight: 8, arbitrary: fc.constant('ready' as const) },
    fc.constantFrom('converged', 'unreachable', 'stale'),
  ),
  activated: fc.oneof(
    { weight: 8, arbitrary: fc.constant('succeeds' as const) },
    fc.constantFrom('rolled-back', 'fails', 'unknown', 'unmeasured', 'cannot-be-taken-back'),
  ),
  bakes: fc.oneof({ weight: 8, arbitrary: fc.constant('well' as const) }, fc.constant('badly' as const)),
  reverted: fc.oneof({ weight: 8, arbitrary: fc.constant('rolled-back' as const) }, fc.constant('failed' as const)),
})

const limits = fc.record({
  maxParallel: fc.integer({ min: 1, max: 4 }),
  maxFailures: fc.integer({ min: 0, max: 2 }),
  bakeTimeMs: fc.constantFrom(0, 5000),
  batches: fc.constantFrom([], [1, 3, 10]),
  rollback: fc.constantFrom('none', 'host', 'wave', 'run'),
})

/** Fleets of up to four waves, with dependencies on earlier hosts and a group that may lose one or two members. */
const scenario: fc.Arbitrary<Scenario> = fc
  .record({
    sizes: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 4 }),
    limits: fc.array(limits, { minLength: 4, maxLength: 4 }),
    outcomes: fc.array(outcome, { minLength: 20, maxLength: 20 }),
    dependencies: fc.array(fc.option(fc.integer({ min: 1, max: 5 })), { minLength: 20, maxLength: 20 }),
    members: fc.array(fc.boolean(), { minLength: 20, maxLength: 20 }),
    maxUnavailable: fc.option(fc.integer({ min: 1, max: 2 })),
    choices: fc.array(fc.nat(), { minLength: 1, maxLength: 50 }),
    interruptAfter: fc.option(fc.nat({ max: 60 }), { freq: 3 }),
  })
  .map((drawn) => {
    let next = 0
    const waves = drawn.sizes.map((size, index): Wave => {
      const hosts = Array.from({ length: size }, () => `h${next++}`)
      return { ...sampleWave(`w${index}`, hosts), ...drawn.limits[index] }
    })
    const names = waves.flatMap(({ hosts }) => hosts)
    const hosts = Object.fromEntries(
      names.map((name, index) => {
        const back = drawn.dependencies[index]
        const dependsOn = back !== null && back !== undefined && index - back >= 0 ? [`h${index - back}`] : []
        return [name, changed(name, undefined, { settings: sampleSettings(name, { dependsOn }) })]
      }),
    )
    const members = names.filter((_, index) => drawn.members[index])
    const groups = { some: { hosts: members, maxUnavailable: drawn.maxUnavailable } }
    const { body } = samplePlan(hosts, waves, { groups })
    const outcomes = Object.fromEntries(names.map((name, index) => [name, drawn.outcomes[index] as HostOutcome]))
    return { body, outcomes, choices: drawn.choices, interruptAfter: drawn.interruptAfter }
  })

function play({ body, outcomes, choices, interruptAfter }: Scenario) {
  let asked = 0
  return new SimulatedRollout(
    body,
    outcomes,
    (count) => (choices[asked++ % choices.length] ?? 0) % Math.max(1, count),
  ).run(interruptAfter)
}

function always(check: (scenario: Scenario, played: ReturnType<typeof play>) => void): void {
  fc.assert(
    fc.property(scenario, (drawn) => check(drawn, play(drawn))),
    { numRuns: cases(1000) },
  )
}

describe('schedule', () => {
  it('ends every run, with one ending for every host', () => {
    always(({ body }, { events, state }) => {
      expect(state.finished).not.toBeNull()
      const ended = events.filter(isEnding).map(({ host }) => host)
      expect(ended.toSorted()).toEqual(body.waves.flatMap(({ hosts }) => hosts).toSorted())
    })
  })

  it('never has more than maxParallel hosts of a wave in flight', () => {
    always(({ body }, { peak }) => {
      for (const { name, maxParallel } of body.waves) expect(peak.get(name) ?? 0).toBeLessThanOrEqual(maxParallel)
    })
  })

  it('opens no wave before the one before it has settled', () => {
    always(({ body }, { events }) => {
      const at = (type: string, wave: string) =>
        events.findIndex((event) => event.type === type && 'wave' in event && event.wave === wave)
      for (const [index, { name }] of body.waves.entries()) {
        const [opened, before] = [at('wave.started', name), body.waves[index - 1]?.name]
        if (opened >= 0 && before !== undefined) {
          expect(at('wave.finished', before)).toBeGreaterThanOrEqual(0)
          expect(at('wave.finished', before)).toBeLessThan(opened)
        }
      }
    })
  })

  it('activates nothing of a wave before all of it is prepared', () => {
    always(({ body }, { events }) => {
      for (const { name, hosts } of body.waves) {
        const first = events.findIndex((event) => event.type === 'host.started' && event.wave === name)
        if (first < 0) continue
        for (const host of hosts) {
          const prepared = events.findIndex(
            (event) =>
              'host' in event &&
              event.host === host &&
              (isEnding(event) || (event.type === 'host.step' && event.status === 'finished')),
          )
          expect(prepared).toBeLessThan(first)
        }
      }
    })
  })

  it('starts nothing after a halt, an interrupt or an earlier halted wave', () => {
    always((_, { events }) => {
      const stop = events.findIndex(({ type }) => type === 'wave.halted' || type === 'run.interrupted')
      const after = stop < 0 ? [] : events.slice(stop)
      expect(after.filter(({ type }) => type === 'host.started')).toEqual([])
    })
  })

  it('starts nothing more when a rollback begins that the wave cannot afford', () => {
    always(({ body }, { events }) => {
      for (const { name, maxFailures } of body.waves) {
        if (maxFailures > 0) continue
        const mine = events.filter((event) => 'wave' in event && event.wave === name)
        const trouble = mine.findIndex((event) => event.type === 'host.step' && event.step === 'roll-back')
        const after = trouble < 0 ? [] : mine.slice(trouble)
        expect(after.filter(({ type }) => type === 'host.started')).toEqual([])
      }
    })
  })

  it('stops with no more failures than allowed and what was in flight or being prepared', () => {
    always(({ body }, { events }) => {
      for (const wave of body.waves) {
        const failures = events.filter((event) => isEnding(event) && event.wave === wave.name && isFailure(event))
        const started = failures.filter((event) =>
          events.some((other) => other.type === 'host.started' && 'host' in event && other.host === event.host),
        )
        expect(started.length).toBeLessThanOrEqual(wave.maxFailures + wave.maxParallel)
      }
    })
  })

  it('never has more of a group down or in flight than it may lose', () => {
    always(({ body }, { events }) => {
      const { hosts, maxUnavailable } = body.groups['some'] ?? { hosts: [], maxUnavailable: null }
      if (maxUnavailable === null) return
      const down = new Set<string>()
      for (const event of events) {
        if (!('host' in event) || event.host === null || !hosts.includes(event.host)) continue
        if (event.type === 'host.started' || event.type === 'host.reverting') {
          down.add(event.host)
          expect(down.size).toBeLessThanOrEqual(maxUnavailable)
        }
        if (isEnding(event) && !['host.failed', 'host.unknown'].includes(event.type)) down.delete(event.host)
        if (event.type === 'host.unhealthy') down.add(event.host)
        if (event.type === 'host.reverted' && event.result === 'rolled-back') down.delete(event.host)
      }
    })
  })

  it('starts no host before those it depends on have succeeded', () => {
    always(({ body }, { events }) => {
      for (const [index, event] of events.entries()) {
        if (event.type !== 'host.started') continue
        for (const dependency of body.hosts[event.host]?.settings.dependsOn ?? []) {
          const done = events.slice(0, index).find((other) => isEnding(other) && other.host === dependency)
          expect(['host.succeeded', 'host.skipped']).toContain(done?.type)
        }
      }
    })
  })

  it('rolls back only what this run changed, once, and no more at once than the wave allows', () => {
    always(({ body }, { events }) => {
      const begun: string[] = []
      const flying = new Set<string>()
      for (const event of events) {
        if (event.type === 'host.reverted') flying.delete(event.host)
        if (event.type !== 'host.reverting') continue
        const ending = events.find((other) => isEnding(other) && other.host === event.host)
        expect(['host.succeeded', 'host.unknown']).toContain(ending?.type)
        expect(begun).not.toContain(event.host)
        begun.push(event.host)
        flying.add(event.host)
        const halted = body.waves.find(({ name }) =>
          events.some((other) => other.type === 'wave.halted' && other.wave === name),
        )
        expect(flying.size).toBeLessThanOrEqual(halted?.maxParallel ?? 0)
      }
    })
  })

  it('leaves nothing of what a halted wave rolls back without a word about it', () => {
    always(({ body }, { events, state }) => {
      for (const { name, rollback, hosts } of body.waves) {
        if (state.waves.find((wave) => wave.name === name)?.halted == null) continue
        const all = rollback === 'run' ? [...state.hosts.keys()] : rollback === 'wave' ? hosts : []
        const changed = all.filter((host) => state.hosts.get(host)?.ending?.type === 'host.succeeded')
        const told = events.flatMap((event) => (event.type === 'host.reverted' ? [event.host] : []))
        expect(told).toEqual(expect.arrayContaining(changed))
      }
    })
  })

  it('takes nobody back any more once a host was unhealthy after its rollback', () => {
    always((_, { events }) => {
      const lost = events.findIndex(
        (event) =>
          (event.type === 'host.reverted' && event.result !== 'rolled-back') ||
          (event.type === 'host.failed' && event.code.startsWith('roll-back/')),
      )
      const after = lost < 0 ? [] : events.slice(lost)
      expect(after.filter(({ type }) => type === 'host.reverting')).toEqual([])
    })
  })

  it('says of every host that stands still why it does', () => {
    always((_, { silent }) => {
      expect([...silent]).toEqual([])
    })
  })

  it('derives the same state from the same events', () => {
    always((_, { events, state }) => {
      expect(events.reduce(reduce, initialRun())).toEqual(state)
    })
  })
})
