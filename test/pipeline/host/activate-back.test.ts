import { expect, test } from 'vitest'
import { answered } from '../../rig/doubles/engines/engine.ts'
import { rolledOut } from '../../rig/doubles/run.ts'
import { worldOf } from '../../rig/doubles/world.ts'
import { sampleWave, storePath } from '../../rig/samples/plan.ts'

const elsewhere = storePath('c', 'nixos-system-web-24.11')

test('a host whose own rollback failed is not said to be rolled back, and is left to a person', async () => {
  const world = worldOf()
  world.engine.activates = () => answered('failed', 'activate/rollback-failed')
  expect(await rolledOut(world)).toMatchObject({
    type: 'host.failed',
    step: 'roll-back',
    code: 'roll-back/failed',
    touched: true,
    reason: expect.stringMatching(
      /the host runs OLD again, but the activation of that system failed: the rollback is incomplete$/,
    ) as string,
  })
  expect(world.engine.calls).toEqual(['activate web'])
})

test('an engine that rolls back too far is set right by path, whatever the wave says of rolling back', async () => {
  const world = worldOf(['web'], { waves: [sampleWave('all', ['web'], { rollback: 'none' })] })
  world.engine.activates = (host) => {
    host.has.add(elsewhere)
    host.switchTo(elsewhere)
    host.generation = 40
    return answered('failed', 'activate/failed')
  }
  expect(await rolledOut(world)).toMatchObject({
    type: 'host.failed',
    code: 'activate/over-rollback',
    touched: true,
    system: 'OLD',
    profile: 'OLD',
    reason: expect.stringMatching(
      /the engine rolled back too far, to \S+24\.11; restored to OLD \(verified\)$/,
    ) as string,
  })
  expect(world.engine.calls).toEqual(['activate web', 'roll-back web'])
})
