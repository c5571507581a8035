import { expect, test } from 'vitest'
import { parseObservation } from '../../../src/pipeline/observe/parse.ts'
import { rollBack } from '../../../src/pipeline/host/roll-back.ts'
import { answered, done } from '../../rig/doubles/engines/engine.ts'
import { type DoubleWorld, worldOf } from '../../rig/doubles/world.ts'

const never = new AbortController().signal
const cause = { step: 'check', code: 'check/unhealthy', reason: 'check alive failed: no reply' } as const

/** Rolls the one host of a world back from its planned system, and returns its ending. */
async function rolledBack(world: DoubleWorld, signal = never): Promise<unknown> {
  const { task, before, planned } = atTarget(world)
  await rollBack({ task, planned, before, failing: new Set(), ports: world, signal }, cause)
  return world.ending
}

function atTarget(world: DoubleWorld) {
  const before = parseObservation(world.host().observation('n'), 'n')
  const task = world.task()
  const { planned } = task
  if (!before.ok || planned.action !== 'change') throw new Error('the double answers nonsense')
  world.host().switchTo(planned.to.profile, planned.to.system)
  return { task, before: before.value, planned }
}

test('a host is rolled back to the path it ran, asked, and checked', async () => {
  const world = worldOf()
  expect(await rolledBack(world)).toEqual({
    type: 'host.rolled-back',
    host: 'web',
    wave: 'all',
    ...cause,
    system: 'OLD',
    profile: 'OLD',
  })
  expect(world.story).toEqual([
    'web: rolling back to OLD: check alive failed: no reply',
    'web: check alive passed: well',
    'web: rolled back: check alive failed: no reply; now running OLD (verified)',
  ])
})

test('a rollback that has no effect is told loudly, with what runs and what boots next', async () => {
  const world = worldOf()
  world.engine.rollsBack = () => answered('failed', 'activate/failed')
  expect(await rolledBack(world)).toMatchObject({
    type: 'host.failed',
    step: 'roll-back',
    code: 'roll-back/failed',
    reason:
      'check alive failed: no reply; rollback failed (it failed: as the double was told): the host runs NEW, next boot NEW',
    touched: true,
    system: 'NEW',
  })
})

test('a rollback that the engine calls done and that had no effect is not believed', async () => {
  const world = worldOf()
  world.engine.rollsBack = () => done
  expect(await rolledBack(world)).toMatchObject({ type: 'host.failed', code: 'roll-back/failed', system: 'NEW' })
})

test('a rollback that leaves the new profile for the next boot has failed', async () => {
  const world = worldOf()
  world.engine.rollsBack = (host, { from }) => {
    host.system = from.system
    return done
  }
  expect(await rolledBack(world)).toMatchObject({
    type: 'host.failed',
    code: 'roll-back/failed',
    system: 'OLD',
    profile: 'NEW',
  })
})

test('a rollback that the engine calls failed, and that did work, is one', async () => {
  const world = worldOf()
  world.engine.rollsBack = (host, { from }) => {
    host.switchTo(from.profile ?? '', from.system)
    return answered('failed', 'activate/units-failed')
  }
  expect(await rolledBack(world)).toMatchObject({ type: 'host.rolled-back', system: 'OLD' })
})

test('a host that is unhealthy on its old system too is not tried a second time', async () => {
  const world = worldOf()
  world.check.measures = () => ({ result: 'fail', message: 'no reply' })
  expect(await rolledBack(world)).toMatchObject({
    type: 'host.failed',
    code: 'roll-back/unhealthy',
    reason: 'check alive failed: no reply; rolled back to OLD (verified), but check alive fails there too: no reply',
    touched: true,
    system: 'OLD',
  })
  expect(world.engine.calls).toEqual(['roll-back web'])
})

test('a host that stays silent after its rollback is unknown', async () => {
  const world = worldOf()
  world.engine.rollsBack = (host) => {
    host.silent = Number.POSITIVE_INFINITY
    return answered('lost', 'ssh/connection-lost')
  }
  expect(await rolledBack(world)).toEqual({
    type: 'host.unknown',
    host: 'web',
    wave: 'all',
    step: 'roll-back',
    code: 'ssh/no-answer',
    reason:
      'check alive failed: no reply; no answer after the rollback (it lost: as the double was told): ssh to it: No route to host',
    lastKnown: null,
  })
})

test('a rollback that cuts its own connection is waited for', async () => {
  const world = worldOf()
  world.engine.rollsBack = (host, { from }) => {
    const ends = () => host.switchTo(from.profile ?? '', from.system)
    Object.assign(host, { silent: 3, activating: 5, ends })
    return answered('lost', 'ssh/connection-lost')
  }
  expect(await rolledBack(world)).toMatchObject({ type: 'host.rolled-back', system: 'OLD' })
})

test('a host that had no profile is back when its system runs', async () => {
  const world = worldOf()
  world.host().profile = null
  expect(await rolledBack(world)).toMatchObject({ type: 'host.rolled-back', system: 'OLD', profile: 'OLD' })
})
