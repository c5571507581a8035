import { describe, expect, test } from 'vitest'
import { done } from '../../rig/doubles/engines/engine.ts'
import { outcome, prepared, run } from '../../rig/doubles/run.ts'
import { shortened, worldOf } from '../../rig/doubles/world.ts'
import { changed, sampleSettings, sampleWave, storePath } from '../../rig/samples/plan.ts'

describe('garbage collectors', () => {
  test('are kept from both sides on both machines while a host is worked on, and no longer', async () => {
    const world = worldOf()
    const roots: unknown[] = []
    world.engine.activates = (host, { to }) => {
      roots.push(world.locks.at('web').roots.map(shortened), [...world.roots.kept])
      host.switchTo(to.profile, to.system)
      return done
    }
    expect(outcome(await run(world))).toEqual(['complete', 0])
    expect(roots).toEqual([
      ['OLD', 'NEW'],
      [['/srv/lab/.fleet/runs/test/roots/web.from', storePath('a', 'nixos-system-web-25.05')]],
    ])
    expect(world.locks.at('web')).toEqual({ holder: null, roots: [] })
    expect([...world.roots.kept]).toEqual([])
  })

  test('leave the rollback of a host that its wave may take back', async () => {
    const world = worldOf(['web'], { waves: [sampleWave('all', ['web'], { rollback: 'wave' })] })
    await run(world)
    expect(world.locks.at('web').roots.map(shortened)).toEqual(['OLD', 'NEW'])
  })

  test('that have taken the rollback already forbid the change', async () => {
    const world = worldOf()
    world.locks.gone.add(storePath('a', 'nixos-system-web-25.05'))
    expect(await prepared(world)).toMatchObject({ type: 'host.failed', code: 'preflight/missing-path', touched: false })
    expect(world.engine.calls).toEqual([])
  })

  test('that have taken what a rollback plan names forbid it', async () => {
    const web = changed('web')
    const settings = sampleSettings('web', { checks: [] })
    const world = worldOf(['web'], { hosts: { web: { ...web, settings, to: { ...web.to, drv: null } } } })
    expect(await prepared(world)).toMatchObject({ code: 'preflight/missing-path' })
    world.facts.length = 0
    world.locks.lacks = () => []
    expect(await prepared(world)).toBeNull()
    expect(world.engine.calls).toEqual([])
  })
})
