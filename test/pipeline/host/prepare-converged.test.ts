import { describe, expect, test } from 'vitest'
import { prepared } from '../../rig/doubles/run.ts'
import { type DoubleWorld, worldOf } from '../../rig/doubles/world.ts'
import { storePath, unchanged } from '../../rig/samples/plan.ts'

const elsewhere = storePath('c', 'nixos-system-web-24.11')

describe('a host that runs its planned system already', () => {
  function arrived(): DoubleWorld {
    const world = worldOf()
    world.host().switchTo(storePath('b', 'nixos-system-web-25.05'))
    return world
  }

  test('is checked and not touched', async () => {
    const world = arrived()
    expect(await prepared(world)).toMatchObject({ type: 'host.skipped', cause: 'converged' })
    expect(world.story).toContain('web: check alive passed: well')
    expect(world.engine.calls).toEqual([])
  })

  test('fails when it is unhealthy', async () => {
    const world = arrived()
    world.check.measures = () => ({ result: 'fail', message: 'no reply' })
    expect(await prepared(world)).toMatchObject({
      type: 'host.failed',
      step: 'check',
      code: 'check/unhealthy',
      reason: 'check alive failed: no reply; it runs its planned system',
      touched: false,
    })
  })

  test('as the plan found it, is left alone', async () => {
    const world = worldOf(['web'], { hosts: { web: unchanged('web') } })
    expect(await prepared(world)).toMatchObject({ type: 'host.skipped', cause: 'converged' })
  })

  test('as the plan found it, and moved since, is stale', async () => {
    const world = worldOf(['web'], { hosts: { web: unchanged('web') } })
    world.host().switchTo(elsewhere)
    expect(await prepared(world)).toMatchObject({ type: 'host.stale', observed: elsewhere })
  })
})
