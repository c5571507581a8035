import { describe, expect, test } from 'vitest'
import type { Hook } from '../../../src/model/plan/plan-schema.ts'
import { answered } from '../../rig/doubles/engines/engine.ts'
import { endings, outcome, run, Signals } from '../../rig/doubles/run.ts'
import { type DoubleWorld, sampleCheck, worldOf } from '../../rig/doubles/world.ts'
import { sampleWave } from '../../rig/samples/plan.ts'

function hook(on: string, more: Partial<Hook> = {}): Hook {
  return { on: [on], run: [`./${on}.sh`], timeoutMs: 30_000, onError: 'ignore', ...more }
}

const waves = [sampleWave('canary', ['one']), sampleWave('rest', ['two'])]

function worldWith(...hooks: readonly Hook[]): DoubleWorld {
  return worldOf(['one', 'two'], { waves, body: { hooks } })
}

function called(world: DoubleWorld): readonly unknown[] {
  return world.hooks.calls.map(({ document }) => document['type'])
}

describe('a hook of before.run', () => {
  test('that refuses ends the run before a host is asked: exit 5', async () => {
    const world = worldWith(hook('before.run'))
    world.hooks.answers = () => 1
    const state = await run(world)
    expect(outcome(state)).toEqual(['refused', 5])
    expect(endings(state)).toEqual({ one: 'cancelled', two: 'cancelled' })
    expect(world.host('one').questions).toBe(0)
    expect(state.finished?.reason).toBe('refused by a hook: ./before.run.sh: said 1')
  })

  test('that says wait is asked again, and then lets the run begin', async () => {
    const world = worldWith(hook('before.run'))
    world.hooks.answers = (_, attempt) => (attempt < 3 ? 75 : 0)
    expect(outcome(await run(world))).toEqual(['complete', 0])
    expect(called(world)).toEqual(['before.run', 'before.run', 'before.run'])
  })

  test('that waits ends at an interrupt', async () => {
    const world = worldWith(hook('before.run'))
    const signals = new Signals()
    world.hooks.answers = () => {
      signals.interrupt()
      return 75
    }
    expect(outcome(await run(world, signals))).toEqual(['interrupted', 130])
  })
})

describe('a hook of before.wave', () => {
  test('that refuses pauses the run before that wave: exit 4', async () => {
    const world = worldWith(hook('before.wave'))
    world.hooks.answers = (_, attempt) => (attempt === 1 ? 0 : 1)
    const state = await run(world)
    expect(outcome(state)).toEqual(['paused', 4])
    expect(endings(state)).toEqual({ one: 'succeeded', two: 'cancelled' })
    expect(state.finished?.reason).toBe('wave rest did not start: refused by a hook: ./before.wave.sh: said 1.')
  })

  test('is asked though its wave was named outright', async () => {
    const world = worldWith(hook('before.wave'))
    await run(world, new Signals(), { promoted: new Set(['canary', 'rest']) })
    expect(called(world)).toEqual(['before.wave', 'before.wave'])
  })

  test('that says wait is why the wave’s hosts wait', async () => {
    const world = worldWith(hook('before.wave'))
    world.hooks.answers = (_, attempt) => (attempt === 1 ? 75 : 0)
    await run(world)
    const waits = world.journal.events.flatMap((event) => (event.type === 'host.waiting' ? [event.message] : []))
    expect(waits).toContain('one: waiting: ./before.wave.sh: said 75')
  })
})

describe('a hook of before.host', () => {
  test('that refuses fails that host before anything is changed on it', async () => {
    const world = worldOf(['one', 'two'], {
      waves: [sampleWave('all', ['one', 'two'], { maxParallel: 1, maxFailures: 1 })],
      body: { hooks: [hook('before.host')] },
    })
    world.hooks.answers = (_, attempt) => (attempt === 1 ? 1 : 0)
    const state = await run(world)
    expect(endings(state)).toEqual({ one: 'failed', two: 'succeeded' })
    expect(world.engine.calls).not.toContain('activate one')
    expect(world.journal.events.find(({ type }) => type === 'host.failed')).toMatchObject({
      code: 'hook/refused',
      touched: false,
    })
    expect(outcome(state)).toEqual(['failed', 3])
  })

  test('that refuses every host refuses the run: exit 5', async () => {
    const world = worldWith(hook('before.host'))
    world.hooks.answers = () => 1
    expect(outcome(await run(world))).toEqual(['refused', 5])
  })
})

describe('a hook of an event', () => {
  test('is told of it, and its failure changes nothing', async () => {
    const world = worldWith(hook('host.succeeded'))
    world.hooks.answers = () => 1
    expect(outcome(await run(world))).toEqual(['complete', 0])
    expect(called(world)).toEqual(['host.succeeded', 'host.succeeded'])
  })

  test('with onError: fail stops the run', async () => {
    const world = worldWith(hook('wave.finished', { onError: 'fail' }))
    world.hooks.answers = () => 1
    const state = await run(world)
    expect(outcome(state)).toEqual(['failed', 3])
    expect(world.journal.events.find(({ type }) => type === 'run.stopped')).toMatchObject({ code: 'hook/failed' })
  })

  test('that stops the run ends its preparations: a copy is not waited for', async () => {
    const world = worldWith(hook('wave.started', { onError: 'fail' }))
    world.hooks.answers = () => 1
    world.engine.copies = (_, __, signal) =>
      new Promise((resolve) => {
        const ended = () => resolve(answered('refused', 'copy/aborted'))
        if (signal.aborted) ended()
        else signal.addEventListener('abort', ended)
      })
    const state = await run(world)
    expect(outcome(state)).toEqual(['failed', 1])
    expect(endings(state)).toEqual({ one: 'cancelled', two: 'cancelled' })
    expect(world.locks.at('one').holder).toBeNull()
  })

  test('that stops the run ends the question at a gate', async () => {
    const world = worldWith(hook('run.started', { onError: 'fail' }), hook('before.wave'))
    world.hooks.answers = ([program = '']) => (program.includes('before') ? 75 : 1)
    expect(outcome(await run(world))).toEqual(['failed', 1])
  })

  test('is told of the end once, and the end is the last line of the stream', async () => {
    const world = worldWith(hook('run.finished'))
    await run(world)
    expect(called(world)).toEqual(['run.finished'])
    expect(world.hooks.calls[0]?.document).toMatchObject({
      outcome: 'complete',
      exitCode: 0,
      changedHosts: ['one', 'two'],
    })
    expect(world.journal.events.at(-1)?.type).toBe('run.finished')
  })

  test('of the end with onError: fail decides the exit code', async () => {
    const world = worldWith(hook('run.finished', { onError: 'fail' }))
    world.hooks.answers = () => 1
    const state = await run(world)
    expect(outcome(state)).toEqual(['failed', 3])
    expect(state.finished?.reason).toContain('hook ./run.finished.sh on run.finished failed')
  })
})

describe('a wave’s own check', () => {
  const gated = [sampleWave('canary', ['one']), sampleWave('rest', ['two'], { checks: ['gate'] })]
  const worldGated = (rest = gated) =>
    worldOf(['one', 'two'], { waves: rest, body: { checks: { alive: sampleCheck(), gate: sampleCheck() } } })

  test('that fails halts before the wave starts: no host of it is asked', async () => {
    const world = worldGated()
    world.check.measures = ({ name }) => ({ result: name === 'rest' ? 'fail' : 'pass', message: 'errors went up' })
    const state = await run(world)
    expect(endings(state)).toEqual({ one: 'succeeded', two: 'cancelled' })
    expect(world.host('two').questions).toBe(0)
    expect(outcome(state)).toEqual(['failed', 3])
    expect(state.finished?.reason).toBe('wave rest halted: its check gate failed: errors went up')
  })

  test('that fails before the first wave exits 1: nothing was changed', async () => {
    const world = worldGated([sampleWave('canary', ['one', 'two'], { checks: ['gate'] })])
    world.check.measures = () => ({ result: 'fail', message: 'errors went up' })
    expect(outcome(await run(world))).toEqual(['failed', 1])
  })

  test('that cannot measure pauses: exit 4', async () => {
    const world = worldGated()
    world.check.measures = ({ name }) => ({ result: name === 'rest' ? 'error' : 'pass', message: 'no answer' })
    expect(outcome(await run(world))).toEqual(['paused', 4])
  })

  test('is asked again when the wave’s hosts have changed, and takes them back as the wave says', async () => {
    const world = worldGated([sampleWave('canary', ['one', 'two'], { checks: ['gate'], rollback: 'wave' })])
    world.check.measures = ({ name, phase }) => ({
      result: name === 'canary' && phase === 'after' ? 'fail' : 'pass',
      message: 'errors went up',
    })
    const state = await run(world)
    expect(state.finished).toMatchObject({ exitCode: 3, changedHosts: [], counts: { reverted: 2 } })
  })
})

describe('the fleet lock', () => {
  const lock = { http: 'https://locks.example/home-lab' }
  const holder = { id: 'l1', who: 'ann@office', run: '20260101T000000Z-her', since: '2026-01-01T00:00:00Z' }

  test('is taken before the first host is asked and given back before the end', async () => {
    const world = worldOf(['one'], { body: { lock } })
    await run(world)
    const types = world.journal.events.map(({ type }) => type)
    const ofFleet = world.journal.events.filter(
      (event) => event.type.startsWith('lock.') && 'host' in event && event.host === null,
    )
    expect(ofFleet.map(({ type }) => type)).toEqual(['lock.acquired', 'lock.released'])
    expect(types.indexOf('lock.acquired')).toBeLessThan(types.indexOf('wave.started'))
    expect(world.fleetLock.isTaken).toBe(false)
  })

  test('that somebody else holds ends the run with 6 and the holder’s name', async () => {
    const world = worldOf(['one'], { body: { lock } })
    world.fleetLock.heldBy = holder
    const state = await run(world)
    expect(outcome(state)).toEqual(['refused', 6])
    expect(state.finished?.reason).toContain('ann@office')
    expect(world.host('one').questions).toBe(0)
  })

  test('is not called given back where its server does not say so', async () => {
    const world = worldOf(['one'], { body: { lock } })
    world.fleetLock.keeps = { code: 'lock/not-released', summary: 'kept', detail: '`fleet unlock l1` removes it.' }
    expect(outcome(await run(world))).toEqual(['complete', 0])
    expect(world.journal.events.filter(({ type }) => type === 'lock.released' || type === 'diagnostic')).toMatchObject([
      { type: 'lock.released', host: 'one' },
      { type: 'diagnostic', code: 'lock/not-released', severity: 'warning', host: null },
    ])
  })

  test('is not taken where the plan names none', async () => {
    const world = worldOf(['one'])
    world.fleetLock.heldBy = holder
    expect(outcome(await run(world))).toEqual(['complete', 0])
  })
})
