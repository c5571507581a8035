import { describe, expect, test } from 'vitest'
import type { Event } from '../../../src/model/run/event-schema.ts'
import { noOverrides } from '../../../src/model/run/overrides.ts'
import { apply } from '../../../src/pipeline/run/apply.ts'
import { answered, done } from '../../rig/doubles/engines/engine.ts'
import { endings, outcome, run, Signals } from '../../rig/doubles/run.ts'
import { shortened, worldOf } from '../../rig/doubles/world.ts'
import { changed, sampleSettings, sampleWave, storePath } from '../../rig/samples/plan.ts'

test('a run is told from its first line to its last', async () => {
  const world = worldOf()
  const state = await run(world)
  const told = world.journal.events.filter(({ type }) => type !== 'host.step')
  expect(told.map(({ type, message }) => `${type}: ${shortened(message)}`)).toEqual([
    'run.started: run 20260101T000000Z-test of plan 01234567: 1 host in all',
    'wave.started: wave all started: web',
    'lock.acquired: web: host lock taken',
    'check.finished: web: check alive passed: well',
    'host.started: web: started',
    'check.finished: web: check alive passed: well',
    'host.succeeded: web: runs NEW and is healthy (verified)',
    'wave.finished: wave all finished',
    'lock.released: web: host lock released',
    'run.finished: run complete: every selected host has a result',
  ])
  expect(world.journal.events.map(({ seq }) => seq)).toEqual(world.journal.events.map((_, index) => index))
  expect(state.finished?.changedHosts).toEqual(['web'])
  expect(world.journal.isClosed).toBe(true)
})

test('a listener is told of each event after the journal has it', async () => {
  const world = worldOf()
  const ahead: string[] = []
  const { plan } = world
  const selection = [{ name: 'all', hosts: ['web'] }]
  await apply(
    {
      plan,
      selection,
      promoted: new Set(),
      overrides: noOverrides,
      lockTimeoutMs: 0,
      notes: [],
      resumes: 'earlier',
      version: '0',
      operator: 'a@b',
    },
    world,
    new Signals(),
    (event) => {
      if (world.journal.events.at(-1) !== event) ahead.push(event.type)
    },
  )
  expect(ahead).toEqual([])
  expect(world.journal.events[1]).toMatchObject({
    type: 'diagnostic',
    code: 'run/resumes',
    detail: 'Run earlier of this plan has no recorded end. fleet asks the hosts what they run.',
  })
})

test('a failed canary leaves the rest untouched', async () => {
  const waves = [sampleWave('canary', ['one']), sampleWave('rest', ['two', 'three'])]
  const world = worldOf(['one', 'two', 'three'], { waves })
  world.engine.activates = (host, { to }) => {
    host.switchTo(to.profile, host.system)
    return answered('failed', 'activate/failed')
  }
  const state = await run(world)
  expect(endings(state)).toEqual({ one: 'rolled-back', two: 'cancelled', three: 'cancelled' })
  expect(outcome(state)).toEqual(['failed', 3])
  expect(world.engine.calls).toEqual(['copy one', 'activate one', 'roll-back one'])
})

test('nothing of a wave is activated before all of it is copied', async () => {
  const world = worldOf(['one', 'two', 'three'])
  await run(world)
  expect(world.engine.calls.map((call) => call.split(' ')[0])).toEqual([
    ...Array.from({ length: 3 }, () => 'copy'),
    ...Array.from({ length: 3 }, () => 'activate'),
  ])
})

test('a host that no rollback saves halts its wave whatever maxFailures says', async () => {
  const waves = [sampleWave('all', ['one', 'two'], { maxParallel: 1, maxFailures: 9 })]
  const world = worldOf(['one', 'two'], { waves })
  world.check.measures = ({ phase }) => ({ result: phase === 'before' ? 'pass' : 'fail', message: 'no reply' })
  const state = await run(world)
  expect(endings(state)).toEqual({ one: 'failed', two: 'cancelled' })
  expect(world.journal.events).toContainEqual(
    expect.objectContaining({ type: 'wave.halted', reason: 'one could not be rolled back to a healthy system' }),
  )
})

test('a wave bakes before the next may start', async () => {
  const waves = [sampleWave('canary', ['one'], { bakeTimeMs: 600_000 }), sampleWave('rest', ['two'])]
  const world = worldOf(['one', 'two'], { waves })
  await run(world)
  const at = (type: Event['type'], wave: string) =>
    Date.parse(
      world.journal.events.find((event) => event.type === type && 'wave' in event && event.wave === wave)?.at ?? '',
    )
  expect(at('wave.started', 'rest') - at('wave.baking', 'canary')).toBe(600_000)
})

test('health that nobody could measure pauses the run and takes nothing back', async () => {
  const world = worldOf(['one', 'two'], { waves: [sampleWave('all', ['one', 'two'], { maxParallel: 1 })] })
  world.check.measures = () => ({ result: 'error', message: 'the monitoring is down' })
  const state = await run(world)
  expect(outcome(state)).toEqual(['paused', 4])
  expect(endings(state)).toEqual({ one: 'unknown', two: 'cancelled' })
  expect(world.engine.calls).not.toContain('roll-back one')
})

describe('promotion: manual', () => {
  const waves = [sampleWave('canary', ['one']), sampleWave('rest', ['two'], { promotion: 'manual' })]

  test('asks once, and a yes starts the wave', async () => {
    const world = worldOf(['one', 'two'], { waves })
    world.ask.answers = async () => true
    expect(outcome(await run(world))).toEqual(['complete', 0])
    expect(world.ask.questions).toEqual(['Wave rest asks before it starts (promotion: manual). Start it?'])
  })

  test('pauses the run at a no', async () => {
    const world = worldOf(['one', 'two'], { waves })
    world.ask.answers = async () => false
    const state = await run(world)
    expect(outcome(state)).toEqual(['paused', 4])
    expect(endings(state)).toEqual({ one: 'succeeded', two: 'cancelled' })
    expect(world.ask.questions).toHaveLength(1)
  })

  test('pauses the run where nobody can be asked', async () => {
    const world = worldOf(['one', 'two'], { waves })
    const state = await run(world)
    expect(outcome(state)).toEqual(['paused', 4])
    expect(state.finished?.reason).toBe('wave rest waits for approval (promotion: manual).')
    expect(world.ask.questions).toEqual([])
    expect(world.host('two').questions).toBe(0)
  })

  test('asks nothing when the wave was named outright', async () => {
    const world = worldOf(['one', 'two'], { waves })
    expect(outcome(await run(world, new Signals(), { promoted: new Set(['rest']) }))).toEqual(['complete', 0])
    expect(world.ask.questions).toEqual([])
  })

  test('an interrupt at the question ends the run as interrupted', async () => {
    const world = worldOf(['one', 'two'], { waves })
    const signals = new Signals()
    world.ask.answers = (_, signal) =>
      new Promise((resolve) => {
        signal.addEventListener('abort', () => resolve(false))
        signals.interrupt()
      })
    const state = await run(world, signals)
    expect(outcome(state)).toEqual(['interrupted', 130])
    expect(endings(state)).toEqual({ one: 'succeeded', two: 'cancelled' })
  })
})

test('what a host prints is kept whole and told line by line', async () => {
  const world = worldOf()
  world.engine.activates = (host, { to, onLine }) => {
    onLine('stdout', 'activating the configuration...')
    host.switchTo(to.profile, to.system)
    return done
  }
  await run(world)
  expect(world.journal.outputs).toEqual(['web: activating the configuration...'])
  expect(world.journal.events).toContainEqual(
    expect.objectContaining({ type: 'host.output', step: 'activate', line: 'activating the configuration...' }),
  )
})

test('a bug in the work on one host ends the run loudly', async () => {
  const world = worldOf(['one', 'two'])
  world.engine.activates = ({ name }) => {
    throw new Error(`bug: no plan for ${name}`)
  }
  await expect(run(world)).rejects.toThrow('bug: no plan for one')
})

test('a dependency that this run leaves out is told when it begins', async () => {
  const dependent = { ...changed('two'), settings: sampleSettings('two', { dependsOn: ['one'], checks: ['alive'] }) }
  const world = worldOf(['one', 'two'], { hosts: { two: dependent } })
  await run(world, new Signals(), { selection: [{ name: 'all', hosts: ['two'] }] })
  expect(world.journal.events[1]).toMatchObject({
    type: 'diagnostic',
    code: 'run/dependency-outside',
    host: 'two',
    detail: 'two depends on one, which this run does not touch.',
  })
})

test('a host that waits says why, once for each reason', async () => {
  const world = worldOf(['one', 'two', 'three'], {
    waves: [sampleWave('all', ['one', 'two', 'three'], { maxParallel: 1 })],
  })
  await run(world)
  const waits = world.journal.events.flatMap((event) => (event.type === 'host.waiting' ? [event.message] : []))
  expect(waits.filter((message) => message.includes('in flight'))).toEqual([
    'two: waiting: 1 of 1 in flight',
    'three: waiting: 1 of 1 in flight',
  ])
})

test('a host that was skipped for being there already is no change', async () => {
  const world = worldOf()
  world.host().switchTo(storePath('b', 'nixos-system-web-25.05'))
  expect(outcome(await run(world))).toEqual(['no-changes', 0])
})
