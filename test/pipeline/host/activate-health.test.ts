import { describe, expect, test } from 'vitest'
import { answered } from '../../rig/doubles/engines/engine.ts'
import { rolledOut } from '../../rig/doubles/run.ts'
import { type DoubleWorld, shortened, worldOf } from '../../rig/doubles/world.ts'
import { sampleWave, storePath } from '../../rig/samples/plan.ts'

describe('when taking back is switched off', () => {
  const halfWay = (world: DoubleWorld) => {
    world.engine.activates = (host, { to }) => {
      host.switchTo(to.profile, host.system)
      return answered('failed', 'activate/failed')
    }
  }

  test('by the wave, a failed activation is left as it is', async () => {
    const world = worldOf(['web'], { waves: [sampleWave('all', ['web'], { rollback: 'none' })] })
    halfWay(world)
    expect(await rolledOut(world)).toMatchObject({
      type: 'host.failed',
      reason:
        'it failed: as the double was told; the host was half-way between two systems; left as it is: rollback is switched off',
      touched: true,
      system: 'OLD',
      profile: 'NEW',
    })
    expect(world.engine.calls).toEqual(['activate web'])
  })

  test('by the host (autoRollback: false), a failed activation is left as it is', async () => {
    const activation = { autoRollback: false, magicRollback: true, confirmTimeoutMs: 30_000, timeoutMs: 240_000 }
    const world = worldOf(['web'], { settings: { activation } })
    halfWay(world)
    expect(await rolledOut(world)).toMatchObject({ type: 'host.failed', touched: true })
    expect(world.engine.calls).toEqual(['activate web'])
  })

  test('by the host, an unhealthy one is rolled back all the same: that is the wave’s to say', async () => {
    const activation = { autoRollback: false, magicRollback: true, confirmTimeoutMs: 30_000, timeoutMs: 240_000 }
    const world = worldOf(['web'], { settings: { activation } })
    unhealthyAtNew(world)
    expect(await rolledOut(world)).toMatchObject({ type: 'host.rolled-back', code: 'check/unhealthy' })
  })
})

/** The check fails on the new system and passes on the old one. */
function unhealthyAtNew(world: DoubleWorld): void {
  world.check.measures = () =>
    shortened(world.host().system) === 'NEW'
      ? { result: 'fail', message: 'no reply' }
      : { result: 'pass', message: 'well' }
}

describe('health', () => {
  test('a host that is unhealthy until its deadline is rolled back', async () => {
    const world = worldOf()
    unhealthyAtNew(world)
    expect(await rolledOut(world)).toMatchObject({
      type: 'host.rolled-back',
      step: 'check',
      code: 'check/unhealthy',
      reason: 'check alive failed: no reply',
      system: 'OLD',
    })
    expect(world.engine.calls).toEqual(['activate web', 'roll-back web'])
  })

  test('a host that could not be measured is unknown and not rolled back', async () => {
    const world = worldOf()
    world.check.measures = () => ({ result: 'error', message: 'the monitoring is down' })
    expect(await rolledOut(world)).toMatchObject({
      type: 'host.unknown',
      code: 'check/no-result',
      reason: 'check alive gave no result: the monitoring is down',
      lastKnown: 'NEW',
    })
    expect(world.engine.calls).toEqual(['activate web'])
  })

  describe('asked once more after its checks', () => {
    /** A host that goes back by itself while its checks pass. */
    const slipsAway = (confirmed: { readonly confirmed?: true }): DoubleWorld => {
      const world = worldOf()
      world.engine.activates = (host, { to }) => {
        host.switchTo(to.profile, to.system)
        return { how: 'done', ...confirmed }
      }
      world.check.measures = () => {
        world.host().switchTo(storePath('a', 'nixos-system-web-25.05'))
        return { result: 'pass', message: 'well' }
      }
      return world
    }

    test('a host that went back meanwhile did not stay', async () => {
      const world = slipsAway({})
      expect(await rolledOut(world)).toMatchObject({ type: 'host.rolled-back', code: 'check/rolled-back' })
    })

    test('a host that has told that it stays is not asked', async () => {
      const world = slipsAway({ confirmed: true })
      expect(await rolledOut(world)).toMatchObject({ type: 'host.succeeded', system: 'NEW' })
      expect(world.host().questions).toBe(1)
    })

    test('it is asked all the same where its lock was lost: anybody may have been at work', async () => {
      const world = slipsAway({ confirmed: true })
      world.check.measures = () => {
        world.locks.lose('web')
        world.host().switchTo(storePath('a', 'nixos-system-web-25.05'))
        return { result: 'pass', message: 'well' }
      }
      expect(await rolledOut(world)).toMatchObject({ type: 'host.rolled-back', code: 'check/rolled-back' })
    })
  })

  test('units that had failed before are told to the check', async () => {
    const world = worldOf()
    world.host().failedUnits = ['old.service']
    const before: unknown[] = []
    world.check.measures = ({ failedBefore }) => {
      before.push(failedBefore)
      return { result: 'pass', message: '' }
    }
    await rolledOut(world)
    expect(before).toEqual([['old.service']])
  })
})

describe('a second interrupt', () => {
  test('while its health is checked leaves it unknown', async () => {
    const world = worldOf()
    const stop = new AbortController()
    world.check.measures = () => {
      stop.abort()
      return { result: 'fail', message: 'not yet' }
    }
    expect(await rolledOut(world, stop.signal)).toMatchObject({
      type: 'host.unknown',
      code: 'check/aborted',
      lastKnown: 'NEW',
    })
    expect(world.engine.calls).toEqual(['activate web'])
  })

  test('while it is activated leaves it unknown, without a rollback', async () => {
    const world = worldOf()
    const stop = new AbortController()
    world.engine.activates = () => {
      stop.abort()
      return answered('lost', 'ssh/aborted')
    }
    expect(await rolledOut(world, stop.signal)).toMatchObject({
      type: 'host.unknown',
      code: 'ssh/aborted',
      lastKnown: 'OLD',
    })
    expect(world.engine.calls).toEqual(['activate web'])
  })
})
