import { expect, test } from 'vitest'
import { noOverrides } from '../../../src/model/run/overrides.ts'
import { answered, done } from '../../rig/doubles/engines/engine.ts'
import { endings, outcome, run, Signals } from '../../rig/doubles/run.ts'
import { type DoubleWorld, worldOf } from '../../rig/doubles/world.ts'
import { sampleWave, unreachable } from '../../rig/samples/plan.ts'

function waits(world: DoubleWorld): readonly string[] {
  return world.journal.events.flatMap((event) => (event.type === 'host.waiting' ? [event.message] : []))
}

test('a member that was down when the plan was made counts for its group though it is not selected', async () => {
  const waves = [sampleWave('all', ['one', 'two'])]
  const groups = { pair: { hosts: ['one', 'two'], maxUnavailable: 1 } }
  const world = worldOf(['one', 'two'], { waves, body: { groups }, hosts: { one: unreachable('one') } })
  const state = await run(world, new Signals(), { selection: [{ name: 'all', hosts: ['two'] }] })
  expect(endings(state)).toEqual({ two: 'cancelled' })
  expect(waits(world)).toEqual([])
  expect(state.finished?.reason).toContain('nothing can start (two: @pair: 1 of 1 down)')
  expect(outcome(state)).toEqual(['failed', 1])
})

test('--max-parallel and --max-failures override the waves’ own, and the stream says so', async () => {
  const world = worldOf(['one', 'two', 'three'], { waves: [sampleWave('all', ['one', 'two', 'three'])] })
  const overrides = { ...noOverrides, maxParallel: 1, maxFailures: '40%' }
  world.engine.activates = ({ name }, { to }) => {
    if (name === 'one') return answered('refused', 'activate/locked')
    world.host(name).switchTo(to.profile, to.system)
    return done
  }
  const state = await run(world, new Signals(), { overrides })
  expect(endings(state)).toEqual({ one: 'failed', two: 'succeeded', three: 'succeeded' })
  expect(waits(world)).toContain('three: waiting: 1 of 1 in flight')
  expect(world.journal.events[0]).toMatchObject({ overrides: { maxParallel: 1, maxFailures: '40%' } })
})

test('hosts of a later wave say which wave they wait for', async () => {
  const waves = [sampleWave('canary', ['one']), sampleWave('rest', ['two']), sampleWave('last', ['three'])]
  const world = worldOf(['one', 'two', 'three'], { waves })
  await run(world)
  expect(waits(world)).toEqual(['two: waiting: wave canary comes first', 'three: waiting: wave rest comes first'])
})
