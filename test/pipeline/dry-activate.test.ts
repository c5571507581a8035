import { expect, test } from 'vitest'
import { dryActivate, type Tried } from '../../src/pipeline/dry-activate.ts'
import { answered } from '../rig/doubles/engines/engine.ts'
import { type DoubleWorld, worldOf } from '../rig/doubles/world.ts'
import { storePath } from '../rig/samples/plan.ts'

const lines: string[] = []

async function tried(world: DoubleWorld): Promise<Tried> {
  const planned = world.plan.body.hosts['web']
  if (planned === undefined) throw new Error('no web in this plan')
  lines.length = 0
  const onLine = (line: string) => void lines.push(line)
  const task = { name: 'web', planned, run: 'r', directory: '/d', root: '/r', onLine }
  return dryActivate(task, world, new AbortController().signal)
}

test('it copies, shows what the activation would do, and activates nothing', async () => {
  const world = worldOf()
  const { system, profile } = world.host()
  expect(await tried(world)).toEqual({ tried: 'shown' })
  expect(lines).toEqual(['would restart the following units: nginx.service'])
  expect(world.engine.calls).toEqual(['copy web', 'dry-activate web'])
  expect(world.host()).toMatchObject({ system, profile })
})

test('a host that is there already has nothing to show', async () => {
  const world = worldOf()
  world.host().switchTo(storePath('b', 'nixos-system-web-25.05'))
  expect(await tried(world)).toEqual({ tried: 'nothing-to-do', reason: 'runs its planned system already' })
  expect(world.engine.calls).toEqual([])
})

test('a host that may be off and is off is passed over', async () => {
  const world = worldOf(['web'], { settings: { onUnreachable: 'skip' } })
  world.host().silent = 1
  expect(await tried(world)).toMatchObject({
    tried: 'skipped',
    reason: expect.stringMatching(/^unreachable/) as string,
  })
})

test.each<[string, (world: DoubleWorld) => void, RegExp]>([
  ['does not answer', (world) => (world.host().silent = 1), /no answer/],
  ['moved since the plan', (world) => world.host().switchTo(storePath('c', 'other')), /changed since the plan/],
  ['is another host', (world) => (world.host().hostname = 'db'), /hostname is "db"/],
  ['cannot be copied to', (world) => (world.engine.copies = () => answered('failed', 'copy/no-space')), /it failed/],
  ['cannot show it', (world) => (world.engine.dryActivates = () => answered('failed', 'activate/failed')), /it failed/],
])('a host that %s is a failure, and nothing is activated', async (_, breaks, reason) => {
  const world = worldOf()
  breaks(world)
  const answer = await tried(world)
  expect(answer).toMatchObject({ tried: 'failed', reason: expect.stringMatching(reason) as string })
  expect(world.engine.calls).not.toContain('activate web')
})
