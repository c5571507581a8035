import { describe, expect, test } from 'vitest'
import { answered, done } from '../../rig/doubles/engines/engine.ts'
import { endings, outcome, run, Signals } from '../../rig/doubles/run.ts'
import { worldOf } from '../../rig/doubles/world.ts'
import { sampleWave } from '../../rig/samples/plan.ts'

describe('an interrupt', () => {
  const waves = [sampleWave('all', ['one', 'two'], { maxParallel: 1 })]

  test('lets what is in flight end, starts nothing more, and says what is in flight', async () => {
    const world = worldOf(['one', 'two'], { waves })
    const signals = new Signals()
    world.engine.activates = (host, { to }) => {
      signals.interrupt()
      host.switchTo(to.profile, to.system)
      return done
    }
    const state = await run(world, signals)
    expect(endings(state)).toEqual({ one: 'succeeded', two: 'cancelled' })
    expect(outcome(state)).toEqual(['interrupted', 130])
    expect(world.journal.events.find(({ type }) => type === 'run.interrupted')).toMatchObject({
      signal: 'SIGINT',
      inFlight: ['one'],
      message: 'interrupted by SIGINT; in flight: one. fleet waits for them, 13m at most',
    })
  })

  test('twice stops waiting: what is in flight is unknown', async () => {
    const world = worldOf(['one', 'two'], { waves })
    const signals = new Signals()
    world.engine.activates = () => {
      signals.interrupt()
      signals.interrupt()
      return answered('lost', 'ssh/aborted')
    }
    const state = await run(world, signals)
    expect(endings(state)).toEqual({ one: 'unknown', two: 'cancelled' })
    expect(outcome(state)).toEqual(['interrupted', 130])
    expect(world.journal.events.filter(({ type }) => type === 'run.interrupted')).toHaveLength(2)
  })

  test('by SIGTERM exits 143', async () => {
    const world = worldOf(['one', 'two'], { waves })
    const signals = new Signals()
    world.engine.copies = () => {
      signals.interrupt('SIGTERM')
      return done
    }
    const state = await run(world, signals)
    expect(outcome(state)).toEqual(['interrupted', 143])
    expect(endings(state)).toEqual({ one: 'cancelled', two: 'cancelled' })
  })

  test('before the run begins touches nobody', async () => {
    const world = worldOf(['one', 'two'], { waves })
    const signals = new Signals()
    signals.interrupt()
    expect(endings(await run(world, signals))).toEqual({ one: 'cancelled', two: 'cancelled' })
    expect(world.host('one').questions).toBe(0)
  })
})

describe('a journal that cannot be written', () => {
  const waves = [sampleWave('all', ['one', 'two', 'three'], { maxParallel: 2 })]

  test('stops a run before anything has started', async () => {
    const world = worldOf(['one', 'two', 'three'], { waves })
    world.journal.fails = ({ type }) => type === 'wave.started'
    const state = await run(world)
    expect(outcome(state)).toEqual(['failed', 1])
    expect(world.engine.calls).toEqual([])
    expect(endings(state)).toEqual({ one: 'cancelled', two: 'cancelled', three: 'cancelled' })
  })

  test('lets what is in flight end and starts nothing more', async () => {
    const world = worldOf(['one', 'two', 'three'], { waves })
    world.journal.fails = (event) => event.type === 'check.finished' && event.phase === 'after'
    const state = await run(world)
    expect(outcome(state)).toEqual(['failed', 3])
    expect(endings(state)).toEqual({ one: 'succeeded', two: 'succeeded', three: 'cancelled' })
  })

  test('activates no host whose start could not be recorded, nor the next though both were allowed at once', async () => {
    const world = worldOf(['one', 'two', 'three'], { waves })
    world.journal.fails = (event) => event.type === 'host.started'
    const state = await run(world)
    expect(world.engine.calls.filter((call) => call.startsWith('activate'))).toEqual([])
    expect(endings(state)).toEqual({ one: 'cancelled', two: 'cancelled', three: 'cancelled' })
    expect(outcome(state)).toEqual(['failed', 1])
  })

  test('nor one whose start is written and does not reach the disk', async () => {
    const world = worldOf(['one', 'two', 'three'], { waves })
    world.engine.copies = () => {
      world.journal.failsFlush = true
      return done
    }
    const state = await run(world)
    expect(world.engine.calls.filter((call) => call.startsWith('activate'))).toEqual([])
    expect(outcome(state)).toEqual(['failed', 1])
  })

  test('with a host’s output loses that output, says so once, and stops nothing', async () => {
    const world = worldOf(['one', 'two', 'three'], { waves })
    world.journal.failsOutput = true
    world.engine.activates = (host, { to, onLine }) => {
      onLine('stdout', 'activating the configuration...')
      host.switchTo(to.profile, to.system)
      return done
    }
    const state = await run(world)
    expect(endings(state)).toEqual({ one: 'succeeded', two: 'succeeded', three: 'succeeded' })
    expect(outcome(state)).toEqual(['complete', 0])
    const told = world.journal.events.filter((event) => event.type === 'diagnostic' && event.code === 'run/output-lost')
    expect(told).toHaveLength(1)
  })
})

test('a bug in the middle of a run waits for the hosts that are in flight', async () => {
  const world = worldOf(['one', 'two'], { waves: [sampleWave('all', ['one', 'two'], { maxParallel: 2 })] })
  let release = () => {}
  const held = new Promise<void>((resolve) => {
    release = resolve
  })
  world.engine.activates = async (host, { to }) => {
    if (host.name === 'two') {
      setImmediate(release)
      throw new Error('bug: two')
    }
    await held
    host.switchTo(to.profile, to.system)
    return done
  }
  await expect(run(world)).rejects.toThrow('bug: two')
  expect(world.journal.events.findLast(({ type }) => type === 'host.succeeded')).toMatchObject({ host: 'one' })
})
