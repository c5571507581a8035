import { describe, expect, test } from 'vitest'
import type { Event } from '../../../src/model/run/event-schema.ts'
import { runSummary } from '../../../src/model/run/run-summary.ts'
import { answered, done } from '../../rig/doubles/engines/engine.ts'
import { endings, outcome, run, Signals } from '../../rig/doubles/run.ts'
import { type DoubleWorld, worldOf } from '../../rig/doubles/world.ts'
import { sampleWave, storePath } from '../../rig/samples/plan.ts'

const old = (host: string) => storePath('a', `nixos-system-${host}-25.05`)

/** Two waves; the last host of the second fails its checks after its change. */
function worldOfTwoWaves(rollback: 'none' | 'host' | 'wave' | 'run', maxParallel = 1): DoubleWorld {
  const waves = [
    sampleWave('first', ['one'], { rollback }),
    sampleWave('second', ['two', 'three', 'bad'], { rollback, maxParallel }),
  ]
  const world = worldOf(['one', 'two', 'three', 'bad'], { waves })
  world.check.measures = ({ name, phase }) => ({
    result: name === 'bad' && phase === 'after' ? 'fail' : 'pass',
    message: 'no reply',
  })
  return world
}

function runningOld(world: DoubleWorld): readonly string[] {
  return [...world.hosts.values()].filter(({ name, system }) => system === old(name)).map(({ name }) => name)
}

function told<T extends Event['type']>(world: DoubleWorld, type: T): readonly Extract<Event, { readonly type: T }>[] {
  return world.journal.events.filter((event): event is Extract<Event, { readonly type: T }> => event.type === type)
}

test('rollback: host rolls back the host that failed and leaves the others as they are', async () => {
  const world = worldOfTwoWaves('host')
  expect(outcome(await run(world))).toEqual(['failed', 3])
  expect(runningOld(world)).toEqual(['bad'])
  expect(told(world, 'host.reverting')).toEqual([])
})

test('rollback: wave rolls back all that the wave changed, last first, and nothing of the wave before', async () => {
  const world = worldOfTwoWaves('wave')
  const state = await run(world)
  expect(endings(state)).toEqual({ one: 'succeeded', two: 'succeeded', three: 'succeeded', bad: 'rolled-back' })
  expect(told(world, 'host.reverted').map(({ host, result }) => [host, result])).toEqual([
    ['three', 'rolled-back'],
    ['two', 'rolled-back'],
  ])
  expect(runningOld(world)).toEqual(['two', 'three', 'bad'])
  expect(state.finished).toMatchObject({
    exitCode: 3,
    changedHosts: ['one'],
    counts: { changed: 1, reverted: 2, failed: 1, rolledBack: 1 },
  })
  if (state.finished !== null)
    expect(runSummary(state.finished)).toBe(
      'Apply failed: 1 changed, 1 failed (rolled back), 2 rolled back with their waves, 0 not started.',
    )
})

test('rollback: run rolls back the waves before as well', async () => {
  const world = worldOfTwoWaves('run')
  const state = await run(world)
  expect(told(world, 'host.reverted').map(({ host }) => host)).toEqual(['three', 'two', 'one'])
  expect(runningOld(world)).toEqual(['one', 'two', 'three', 'bad'])
  expect(state.finished?.changedHosts).toEqual([])
})

test('hosts are rolled back no more at once than the wave allows', async () => {
  const world = worldOfTwoWaves('run', 2)
  await run(world)
  let [flying, most] = [0, 0]
  for (const { type } of world.journal.events) {
    if (type === 'host.reverting') flying += 1
    if (type === 'host.reverted') flying -= 1
    most = Math.max(most, flying)
  }
  expect(most).toBe(2)
  expect(told(world, 'host.waiting').map(({ message }) => message)).toContain(
    'one: waiting: to be rolled back: 2 of 2 in flight',
  )
})

test('hosts that were there already are not rolled back: another run put them there', async () => {
  const world = worldOfTwoWaves('run')
  world.host('one').switchTo(storePath('b', 'nixos-system-one-25.05'))
  await run(world)
  expect(told(world, 'host.reverted').map(({ host }) => host)).toEqual(['three', 'two'])
})

test('a host that somebody else changed since is left alone, and that is the first thing said', async () => {
  const world = worldOfTwoWaves('wave')
  const theirs = storePath('c', 'nixos-system-three-25.05')
  world.check.measures = ({ name, phase }) => {
    if (name !== 'bad' || phase !== 'after') return { result: 'pass', message: 'well' }
    world.host('three').switchTo(theirs)
    return { result: 'fail', message: 'no reply' }
  }
  const state = await run(world)
  expect(world.host('three').system).toBe(theirs)
  expect(told(world, 'host.reverted')[0]).toMatchObject({ host: 'three', result: 'failed', code: 'roll-back/changed' })
  expect(told(world, 'host.reverted')[1]).toMatchObject({ host: 'two', result: 'rolled-back' })
  expect(state.finished?.reason).toMatch(/^three: .*; not rolled back: the host was changed outside this run/)
})

describe('the rollback target is bad too', () => {
  test('a host unhealthy after its own rollback stops everything: nobody else is rolled back', async () => {
    const world = worldOfTwoWaves('wave')
    world.check.measures = ({ name, phase }) => ({
      result: name === 'bad' && phase !== 'before' ? 'fail' : 'pass',
      message: 'no reply',
    })
    const state = await run(world)
    expect(endings(state)).toMatchObject({ two: 'succeeded', three: 'succeeded', bad: 'failed' })
    expect(told(world, 'host.reverting')).toEqual([])
    expect(told(world, 'host.reverted').map(({ message }) => message)).toEqual([
      'three: not rolled back, still runs the new system: bad could not be rolled back to a healthy system',
      'two: not rolled back, still runs the new system: bad could not be rolled back to a healthy system',
    ])
    expect(outcome(state)).toEqual(['failed', 3])
    expect(state.finished?.changedHosts).toEqual(['one', 'two', 'three', 'bad'])
  })

  test('so does one that is unhealthy after it was rolled back with its wave', async () => {
    const world = worldOfTwoWaves('wave')
    world.check.measures = ({ name, phase }) => ({
      result: (name === 'bad' && phase === 'after') || (name === 'three' && phase === 'rollback') ? 'fail' : 'pass',
      message: 'no reply',
    })
    await run(world)
    expect(told(world, 'host.reverted').map(({ host, code }) => [host, code])).toEqual([
      ['three', 'roll-back/unhealthy'],
      ['two', 'roll-back/not-started'],
    ])
  })

  test('no host is rolled back twice', async () => {
    const world = worldOfTwoWaves('run')
    world.engine.rollsBack = () => answered('failed', 'activate/failed')
    await run(world)
    const calls = world.engine.calls.filter((call) => call.startsWith('roll-back'))
    expect(calls).toEqual(['roll-back bad'])
  })
})

test('an interrupt leaves what has not been rolled back as it is, and says so', async () => {
  const world = worldOfTwoWaves('wave')
  const signals = new Signals()
  world.engine.rollsBack = (host, { from }) => {
    if (host.name === 'three') signals.interrupt()
    host.switchTo(from.profile ?? from.system, from.system)
    return done
  }
  const state = await run(world, signals)
  expect(outcome(state)).toEqual(['interrupted', 130])
  expect(told(world, 'host.reverted').map(({ host, result }) => [host, result])).toEqual([
    ['two', 'failed'],
    ['three', 'rolled-back'],
  ])
  expect(state.finished?.reason).toBe(
    'two: not rolled back, still runs the new system: the run was interrupted; interrupted by SIGINT',
  )
})

test('a group that has nobody left to lose keeps its members as they are', async () => {
  const waves = [sampleWave('all', ['two', 'three', 'bad'], { maxParallel: 1, rollback: 'wave' })]
  const groups = { pair: { hosts: ['two', 'three', 'bad'], maxUnavailable: 1 } }
  const world = worldOf(['two', 'three', 'bad'], { waves, body: { groups }, settings: { activation } })
  world.engine.activates = (host, { to }) => {
    if (host.name === 'bad') return answered('lost', 'ssh/connection-lost')
    host.switchTo(to.profile, to.system)
    return done
  }
  const silent = world.engine.activates
  world.engine.activates = (host, task, signal) => {
    if (host.name === 'bad') host.silent = 1_000
    return silent(host, task, signal)
  }
  const state = await run(world)
  expect(endings(state)).toEqual({ two: 'succeeded', three: 'succeeded', bad: 'unknown' })
  expect(told(world, 'host.reverted').map(({ reason }) => reason)).toEqual([
    'still runs the new system: @pair: 1 of 1 down',
    'still runs the new system: @pair: 1 of 1 down',
  ])
})

const activation = { autoRollback: true, magicRollback: true, confirmTimeoutMs: 1000, timeoutMs: 1000 }
