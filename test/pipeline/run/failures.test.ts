import { describe, expect, test } from 'vitest'
import { noOverrides } from '../../../src/model/run/overrides.ts'
import { answered, done } from '../../rig/doubles/engines/engine.ts'
import { noAnswer } from '../../rig/doubles/host.ts'
import { endings, outcome, run, Signals } from '../../rig/doubles/run.ts'
import { type DoubleWorld, worldOf } from '../../rig/doubles/world.ts'
import { sampleWave, storePath, unreachable } from '../../rig/samples/plan.ts'

const two = [sampleWave('all', ['one', 'two'], { maxParallel: 1 })]
const lenient = [sampleWave('all', ['one', 'two'], { maxParallel: 1, maxFailures: 1 })]

function arrive(world: DoubleWorld, name: string): void {
  world.host(name).switchTo(storePath('b', `nixos-system-${name}-25.05`))
}

function types(world: DoubleWorld): readonly string[] {
  return world.journal.events.map(({ type }) => type)
}

function waits(world: DoubleWorld): readonly string[] {
  return world.journal.events.flatMap((event) => (event.type === 'host.waiting' ? [event.message] : []))
}

describe('a host moved since the plan', () => {
  const moved = storePath('c', 'nixos-system-one-25.05')

  test('it alone is left out, within the budget: exit 3, since others changed', async () => {
    const world = worldOf(['one', 'two'], { waves: lenient })
    world.host('one').switchTo(moved)
    const state = await run(world)
    expect(endings(state)).toEqual({ one: 'stale', two: 'succeeded' })
    expect(world.host('one').system).toBe(moved)
    expect(outcome(state)).toEqual(['failed', 3])
  })

  test('all of them: exit 5', async () => {
    const world = worldOf(['one'])
    world.host('one').switchTo(moved)
    expect(outcome(await run(world))).toEqual(['refused', 5])
  })

  test('forced, with a reason: it is changed, and the stream says so', async () => {
    const world = worldOf(['one'])
    world.host('one').switchTo(moved)
    world.host('one').has.add(moved)
    const overrides = { ...noOverrides, forceStale: ['one'], reason: 'ours, by hand' }
    const state = await run(world, new Signals(), { overrides })
    expect(outcome(state), state.finished?.reason).toEqual(['complete', 0])
    expect(world.journal.events[1]).toMatchObject({
      code: 'run/override',
      detail: 'Changed although stale: one (--force-stale). Reason: ours, by hand',
    })
  })
})

test('a host that is there already is skipped and checked, and no engine is called for it', async () => {
  const world = worldOf(['one', 'two'], { waves: two })
  arrive(world, 'one')
  const state = await run(world)
  expect(endings(state)).toEqual({ one: 'skipped', two: 'succeeded' })
  expect(world.engine.calls.filter((call) => call.endsWith('one'))).toEqual([])
  expect(outcome(state)).toEqual(['complete', 0])
})

test('a host that did not answer when the plan was made is a failure without a question', async () => {
  const world = worldOf(['one', 'two'], { waves: lenient, hosts: { one: unreachable('one') } })
  const state = await run(world)
  expect(endings(state)).toEqual({ one: 'failed', two: 'succeeded' })
  expect(world.host('one').questions).toBe(0)
})

describe('a host is unreachable at apply', () => {
  test('it counts as a failure', async () => {
    const world = worldOf(['one', 'two'], { waves: two })
    world.locks.failures.set('one', [noAnswer, noAnswer, noAnswer])
    const state = await run(world)
    expect(endings(state)).toEqual({ one: 'failed', two: 'cancelled' })
    expect(outcome(state)).toEqual(['failed', 1])
  })

  test('it is skipped where that is allowed, and the run is complete', async () => {
    const world = worldOf(['one', 'two'], { waves: two, settings: { onUnreachable: 'skip' } })
    world.locks.failures.set('one', [noAnswer, noAnswer, noAnswer])
    const state = await run(world)
    expect(endings(state)).toEqual({ one: 'skipped', two: 'succeeded' })
    expect(outcome(state)).toEqual(['complete', 0])
  })
})

test('a changed host key is never taken for an absence', async () => {
  const world = worldOf(['one'], { settings: { onUnreachable: 'skip' } })
  world.locks.failures.set('one', [{ code: 'ssh/host-key-changed', summary: 'the host key changed', detail: '' }])
  const state = await run(world)
  expect(endings(state)).toEqual({ one: 'failed' })
  expect(outcome(state)).toEqual(['failed', 1])
})

test('a build that fails for the last wave stops the run before the first activation: exit 1', async () => {
  const waves = [sampleWave('canary', ['one']), sampleWave('rest', ['two', 'three'])]
  const world = worldOf(['one', 'two', 'three'], { waves })
  world.nix.realises = ({ output }) =>
    output.includes('three')
      ? { ok: false, failure: { code: 'build/failed', summary: 'the build failed', detail: 'builder exited 1' } }
      : { ok: true, value: output }
  const state = await run(world)
  expect(endings(state)).toEqual({ one: 'cancelled', two: 'cancelled', three: 'failed' })
  expect(outcome(state)).toEqual(['failed', 1])
  expect(world.engine.calls).toEqual([])
  expect(types(world)).toContain('run.stopped')
})

test('a build that fails ends the others, which would be for nothing', async () => {
  const waves = [sampleWave('canary', ['one']), sampleWave('rest', ['two', 'three'])]
  const world = worldOf(['one', 'two', 'three'], { waves })
  world.nix.realises = ({ output }, signal) =>
    output.includes('three')
      ? { ok: false, failure: { code: 'build/failed', summary: 'the build failed', detail: 'builder exited 1' } }
      : new Promise((resolve) => {
          const failure = { code: 'nix/aborted', summary: 'ended', detail: '' } as const
          signal.addEventListener('abort', () => resolve({ ok: false, failure }))
        })
  const state = await run(world)
  expect(endings(state)).toEqual({ one: 'cancelled', two: 'cancelled', three: 'failed' })
})

test('a copy that fails leaves its wave untouched', async () => {
  const world = worldOf(['one', 'two'], { waves: two })
  world.engine.copies = ({ name }) => (name === 'two' ? answered('failed', 'copy/no-space') : done)
  const state = await run(world)
  expect(endings(state)).toEqual({ one: 'cancelled', two: 'failed' })
  expect(world.engine.calls.filter((call) => call.startsWith('activate'))).toEqual([])
  expect(outcome(state)).toEqual(['failed', 1])
})

describe('monitoring is down', () => {
  const at_once = [sampleWave('all', ['one', 'two'], { rollback: 'wave' }), sampleWave('rest', ['three'])]

  test('the same check erroring on every host is one diagnostic, and the wave pauses: exit 4', async () => {
    const world = worldOf(['one', 'two', 'three'], { waves: at_once })
    world.check.measures = () => ({ result: 'error', message: 'monitoring is down' })
    const state = await run(world)
    expect(outcome(state)).toEqual(['paused', 4])
    expect(endings(state)).toEqual({ one: 'unknown', two: 'unknown', three: 'cancelled' })
    const said = world.journal.events.filter((event) => event.type === 'diagnostic')
    expect(said).toMatchObject([
      { code: 'check/no-result-anywhere', detail: expect.stringContaining('Check alive') as string },
    ])
    expect(world.engine.calls.filter((call) => call.startsWith('roll-back'))).toEqual([])
    expect(state.finished?.reason).toBe('wave all: health of one, two is unknown (check alive).')
  })

  test('a host that fails meanwhile is a failure all the same: exit 3', async () => {
    const world = worldOf(['one', 'two', 'three'], { waves: at_once })
    world.check.measures = ({ name, phase }) => {
      if (phase !== 'after') return { result: 'pass', message: 'well' }
      return name === 'one' ? { result: 'error', message: 'no answer' } : { result: 'fail', message: 'no reply' }
    }
    expect(outcome(await run(world))).toEqual(['failed', 3])
  })
})

test('nothing fails, nothing finishes: the progress deadline halts the wave', async () => {
  const waves = [sampleWave('all', ['one', 'two', 'three'], { maxParallel: 1, progressDeadlineMs: 600_000 })]
  const world = worldOf(['one', 'two', 'three'], { waves })
  world.engine.activates = async (host, { to }, signal) => {
    await world.clock.sleep(3_600_000, signal)
    host.switchTo(to.profile, to.system)
    return done
  }
  const state = await run(world)
  expect(world.journal.events.find(({ type }) => type === 'wave.halted')).toMatchObject({
    reason: 'no host became healthy within 10m (progressDeadline)',
  })
  expect(endings(state)).toEqual({ one: 'succeeded', two: 'cancelled', three: 'cancelled' })
  expect(outcome(state)).toEqual(['failed', 3])
  expect(waits(world)).toContain('two: waiting: 1 of 1 in flight')
})

describe('signals', () => {
  test('the first says what is in flight and for how long, and lets it end', async () => {
    const world = worldOf(['one', 'two'], { waves: two })
    const signals = new Signals()
    world.engine.activates = (host, { to }) => {
      signals.interrupt()
      // It is on disk before anything else happens.
      expect(world.journal.events.at(-1)).toMatchObject({ type: 'run.interrupted', inFlight: ['one'] })
      host.switchTo(to.profile, to.system)
      return done
    }
    const state = await run(world, signals)
    expect(endings(state)).toEqual({ one: 'succeeded', two: 'cancelled' })
    expect(world.locks.story.toSorted()).toEqual(['free one', 'free two', 'lock one', 'lock two'])
  })

  test('the second names the hosts that go back by themselves', async () => {
    const world = worldOf(['one', 'two'], { waves: two })
    const signals = new Signals()
    world.engine.activates = () => {
      signals.interrupt()
      signals.interrupt()
      return answered('lost', 'ssh/aborted')
    }
    await run(world, signals)
    expect(world.journal.events.filter(({ type }) => type === 'run.interrupted')[1]).toMatchObject({
      automaticRollback: ['one'],
      message:
        'interrupted by SIGINT; no longer waiting for one. Unless its activation is confirmed, each of these rolls back by itself: one',
    })
  })

  test.each([
    ['SIGTERM', 143],
    ['SIGHUP', 130],
  ])('%s exits %i', async (signal, code) => {
    const world = worldOf(['one', 'two'], { waves: two })
    const signals = new Signals()
    world.engine.activates = (host, { to }) => {
      signals.interrupt(signal)
      host.switchTo(to.profile, to.system)
      return done
    }
    expect(outcome(await run(world, signals))).toEqual(['interrupted', code])
  })
})

test('every host locked by somebody else: exit 6, and the holder is named', async () => {
  const world = worldOf(['one', 'two'], { waves: [sampleWave('all', ['one', 'two'], { maxFailures: 1 })] })
  for (const name of ['one', 'two']) world.locks.occupy(name, 'ann@office')
  const state = await run(world)
  expect(outcome(state)).toEqual(['refused', 6])
  expect(state.finished?.reason).toContain('ann@office')
})

test('all hosts of a group fail at once: the live count stops admissions and says which budget blocks', async () => {
  const names = ['one', 'two', 'three']
  const waves = [sampleWave('all', names, { maxFailures: 9 })]
  const groups = { quorum: { hosts: names, maxUnavailable: 1 } }
  const quick = { autoRollback: true, magicRollback: true, confirmTimeoutMs: 1000, timeoutMs: 1000 }
  const world = worldOf(names, { waves, body: { groups }, settings: { activation: quick } })
  world.engine.activates = (host) => {
    host.silent = 1_000
    return answered('lost', 'ssh/connection-lost')
  }
  const state = await run(world)
  expect(endings(state)).toEqual({ one: 'unknown', two: 'cancelled', three: 'cancelled' })
  expect(waits(world)).toContain('two: waiting: @quorum: 1 of 1 in flight')
  expect(world.journal.events.find(({ type }) => type === 'wave.halted')).toMatchObject({
    reason: 'nothing can start (two: @quorum: 1 of 1 down; three: @quorum: 1 of 1 down)',
  })
  expect(outcome(state)).toEqual(['failed', 3])
})

test('with the journal lost nothing more is rolled back either', async () => {
  const waves = [sampleWave('all', ['one', 'bad'], { maxParallel: 1, rollback: 'wave' })]
  const world = worldOf(['one', 'bad'], { waves })
  world.check.measures = ({ name, phase }) => ({
    result: name === 'bad' && phase === 'after' ? 'fail' : 'pass',
    message: 'no reply',
  })
  world.journal.fails = ({ type }) => type === 'wave.halted'
  const state = await run(world)
  expect(world.engine.calls).not.toContain('roll-back one')
  expect(outcome(state)).toEqual(['failed', 3])
})
