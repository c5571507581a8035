import { describe, expect, test } from 'vitest'
import type { Event } from '../../../src/model/run/event-schema.ts'
import { noOverrides } from '../../../src/model/run/overrides.ts'
import { endings, outcome, run, Signals } from '../../rig/doubles/run.ts'
import { type DoubleWorld, worldOf } from '../../rig/doubles/world.ts'
import { sampleWave, storePath } from '../../rig/samples/plan.ts'

const bakeTimeMs = 600_000

/** A canary of two that bakes for ten minutes, and a rest. `sick` fails its checks from five minutes into the bake. */
function worldThatBakes(rollback: 'none' | 'host' | 'wave', sick: string | null = 'two'): DoubleWorld {
  const waves = [sampleWave('canary', ['one', 'two'], { bakeTimeMs, rollback }), sampleWave('rest', ['three'])]
  const world = worldOf(['one', 'two', 'three'], { waves })
  const from = world.clock.now() + 300_000
  world.check.measures = ({ name, phase }) => ({
    result: name === sick && phase === 'bake' && world.clock.now() >= from ? 'fail' : 'pass',
    message: 'no reply',
  })
  return world
}

function types(world: DoubleWorld): readonly string[] {
  return world.journal.events.map(({ type }) => type)
}

function baking(world: DoubleWorld): Extract<Event, { readonly type: 'wave.baking' }> | undefined {
  return world.journal.events.find((event) => event.type === 'wave.baking')
}

function arrive(world: DoubleWorld, name: string, profileAge: number | null): void {
  world.host(name).switchTo(storePath('b', `nixos-system-${name}-25.05`))
  world.host(name).profileAge = profileAge
}

describe('a host that turns unhealthy while its wave bakes', () => {
  test('is rolled back, halts the wave, and lets no later wave start', async () => {
    const world = worldThatBakes('host')
    const state = await run(world)
    expect(endings(state)).toEqual({ one: 'succeeded', two: 'succeeded', three: 'cancelled' })
    expect(world.journal.events.find(({ type }) => type === 'wave.halted')).toMatchObject({
      wave: 'canary',
      reason:
        'two turned unhealthy while it baked: check alive failed: no reply; it did not recover within 2m (deadline)',
    })
    expect(world.host('two').system).toContain('aaaa')
    expect(world.host('one').system).toContain('bbbb')
    expect(outcome(state)).toEqual(['failed', 3])
    expect(state.finished).toMatchObject({ changedHosts: ['one'], counts: { changed: 1, failed: 1, rolledBack: 1 } })
  })

  test('takes its whole wave back with rollback: wave', async () => {
    const world = worldThatBakes('wave')
    const state = await run(world)
    expect(state.finished).toMatchObject({ changedHosts: [], counts: { changed: 0, reverted: 1, failed: 1 } })
    expect(world.host('one').system).toContain('aaaa')
  })

  test('stays as it is with rollback: none, and counts as failed', async () => {
    const world = worldThatBakes('none')
    const state = await run(world)
    expect(state.finished).toMatchObject({
      exitCode: 3,
      changedHosts: ['one', 'two'],
      counts: { changed: 1, failed: 1 },
    })
    expect(types(world)).not.toContain('host.reverting')
  })
})

test('health that cannot be measured while a wave bakes pauses the run', async () => {
  const world = worldThatBakes('wave', null)
  world.check.measures = ({ phase }) => ({ result: phase === 'bake' ? 'error' : 'pass', message: 'monitoring is down' })
  const state = await run(world)
  expect(outcome(state)).toEqual(['paused', 4])
  expect(types(world)).not.toContain('host.reverting')
  expect(endings(state)).toMatchObject({ three: 'cancelled' })
})

test('an interrupt does not wait for the bake', async () => {
  const world = worldThatBakes('host', null)
  const signals = new Signals()
  world.check.measures = ({ phase }) => {
    if (phase === 'bake') signals.interrupt()
    return { result: 'pass', message: 'well' }
  }
  const began = world.clock.now()
  expect(outcome(await run(world, signals))).toEqual(['interrupted', 130])
  expect(world.clock.now() - began).toBeLessThan(bakeTimeMs)
})

describe('a run that finds a wave done', () => {
  test('bakes what is left by the hosts’ own clocks', async () => {
    const world = worldThatBakes('host', null)
    arrive(world, 'one', 500)
    arrive(world, 'two', 580)
    await run(world)
    expect(baking(world)).toMatchObject({
      remainingMs: 100_000,
      message: 'wave canary bakes for the remaining 1m40s of 10m',
    })
  })

  test('bakes no more when it has baked', async () => {
    const world = worldThatBakes('host', null)
    arrive(world, 'one', 600)
    arrive(world, 'two', 9000)
    await run(world)
    expect(types(world)).not.toContain('wave.baking')
  })

  test('bakes from the beginning where a host does not say since when', async () => {
    const world = worldThatBakes('host', null)
    arrive(world, 'one', 9000)
    arrive(world, 'two', null)
    await run(world)
    expect(baking(world)).toMatchObject({ remainingMs: bakeTimeMs })
  })

  test('bakes from the beginning for a host that it changes itself', async () => {
    const world = worldThatBakes('host', null)
    arrive(world, 'one', 9000)
    await run(world)
    expect(baking(world)).toMatchObject({ remainingMs: bakeTimeMs })
  })
})

test('--skip-bake bakes nothing, and its reason is in the stream', async () => {
  const world = worldThatBakes('host')
  const overrides = { ...noOverrides, skipBake: true, reason: 'the site is down' }
  expect(outcome(await run(world, new Signals(), { overrides }))).toEqual(['complete', 0])
  expect(types(world)).not.toContain('wave.baking')
  expect(world.journal.events.slice(0, 2)).toMatchObject([
    { type: 'run.started', overrides },
    { code: 'run/override', detail: 'No wave bakes (--skip-bake). Reason: the site is down' },
  ])
})
