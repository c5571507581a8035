import { describe, expect, test } from 'vitest'
import { prepare } from '../../../src/pipeline/host/prepare.ts'
import { rollBackLater } from '../../../src/pipeline/host/roll-back.ts'
import { answered, done } from '../../rig/doubles/engines/engine.ts'
import { outcome, prepared, rolledOut, run } from '../../rig/doubles/run.ts'
import { type DoubleWorld, said, shortened, worldOf } from '../../rig/doubles/world.ts'
import { changed, sampleSettings, sampleWave, storePath } from '../../rig/samples/plan.ts'

// Rows of the failure matrix in the project's notes on rollouts, by number; the first ones are in failure-matrix.test.ts.

const never = new AbortController().signal
const elsewhere = storePath('c', 'nixos-system-web-24.11')

describe('row 24: a lock that somebody holds', () => {
  test('is waited for, naming the holder, until the time is over; then nothing was changed', async () => {
    const world = worldOf()
    world.locks.occupy('web')
    expect(await prepared(world)).toMatchObject({
      type: 'host.failed',
      step: 'lock',
      code: 'lock/held',
      reason: expect.stringContaining('bob@home') as string,
      touched: false,
    })
    expect(said(world, 'lock.waiting')).toMatchObject({ id: 'lock-of-web' })
    expect(world.host().questions).toBe(0)
  })

  test('and that gets free lets the host go on', async () => {
    const world = worldOf()
    world.locks.occupy('web')
    void world.clock.sleep(60_000, never).then(() => world.locks.free('web'))
    expect(await prepared(world)).toBeNull()
  })

  test('says nothing of an activation that outlived its holder: that is waited for too', async () => {
    const world = worldOf()
    world.host().activating = 5
    expect(await prepared(world)).toBeNull()
    expect(said(world, 'host.waiting')).toMatchObject({ reason: 'an activation is running on it already' })
  })
})

describe('row 25: somebody who knows no locks', () => {
  test('and changes the host before its activation makes it stale', async () => {
    const world = worldOf()
    world.engine.activates = (host) => {
      host.switchTo(elsewhere)
      return answered('refused', 'activate/stale')
    }
    expect(await rolledOut(world)).toMatchObject({ type: 'host.stale', observed: elsewhere })
  })

  test('and changes a host that waits for its turn is noticed before the engine is called', async () => {
    const world = worldOf(['web', 'db'], { waves: [sampleWave('all', ['web', 'db'], { maxParallel: 1 })] })
    world.engine.activates = async (host, { to, name }) => {
      await world.clock.sleep(120_000, never)
      if (name === 'web') world.host('db').switchTo(elsewhere)
      host.switchTo(to.profile, to.system)
      return done
    }
    const state = await run(world)
    expect(state.hosts.get('db')?.ending?.type).toBe('host.stale')
    expect(world.engine.calls).toEqual(['copy web', 'copy db', 'activate web'])
  })

  test('and changes it during its activation: two generations where one was expected', async () => {
    const world = worldOf()
    world.engine.activates = (host, { to }) => {
      host.switchTo(elsewhere)
      host.switchTo(to.profile, to.system)
      return done
    }
    expect(await rolledOut(world)).toMatchObject({ type: 'host.failed', code: 'activate/raced', system: 'NEW' })
  })

  test('and changes it after its activation is left to what they did', async () => {
    const world = worldOf()
    world.engine.activates = (host, { to }) => {
      host.switchTo(to.profile, to.system)
      host.switchTo(elsewhere)
      return done
    }
    expect(await rolledOut(world)).toMatchObject({ type: 'host.failed', code: 'activate/overtaken', system: elsewhere })
    expect(world.engine.calls).toEqual(['activate web'])
  })

  test('is not suspected of a generation that was there before: one may have gone back to an older one', async () => {
    const world = worldOf()
    world.host().newestGeneration = 44
    world.engine.activates = (host, { to }) => {
      host.switchTo(to.profile, to.system)
      host.generation = 45
      return done
    }
    expect(await rolledOut(world)).toMatchObject({ type: 'host.succeeded', generation: 45 })
  })
})

test.each([
  [-300, /300 s behind/],
  [300, /300 s ahead of/],
])('row 26: a clock that is %s s off is told, and nothing else', async (seconds, words) => {
  const world = worldOf()
  world.host().clock = world.clock.now() / 1000 + seconds
  expect(await prepared(world)).toBeNull()
  expect(said(world, 'diagnostic')).toMatchObject({
    code: 'preflight/clock-skew',
    severity: 'warning',
    detail: expect.stringMatching(words) as string,
  })
})

describe('row 32: garbage collectors', () => {
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

  test('leave the way back of a host that its wave may take back', async () => {
    const world = worldOf(['web'], { waves: [sampleWave('all', ['web'], { rollback: 'wave' })] })
    await run(world)
    expect(world.locks.at('web').roots.map(shortened)).toEqual(['OLD', 'NEW'])
  })

  test('that have taken the way back already forbid the change', async () => {
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

describe('row 34: a rollback', () => {
  test('to a system that is bad too is not tried a second time', async () => {
    const world = worldOf()
    world.check.measures = () => ({ result: 'fail', message: 'no reply' })
    expect(await rolledOut(world)).toMatchObject({ type: 'host.failed', code: 'roll-back/unhealthy' })
    expect(world.engine.calls).toEqual(['activate web', 'roll-back web'])
  })

  test('is not begun without the host’s lock', async () => {
    const world = worldOf()
    world.check.measures = () => {
      world.locks.lose('web')
      world.locks.occupy('web')
      return { result: 'fail', message: 'no reply' }
    }
    expect(await rolledOut(world)).toMatchObject({ type: 'host.failed', code: 'roll-back/locked', system: 'NEW' })
    expect(world.engine.calls).toEqual(['activate web'])
  })

  describe('of a host that had succeeded', () => {
    const cause = { step: 'check', code: 'wave/halted', reason: 'wave all halted' } as const
    const later = async (world: DoubleWorld) => {
      const { planned } = world.task()
      if (planned.action !== 'change') throw new Error('the sample plan changes it')
      const before = { ...planned.from, failing: new Set<string>() }
      await rollBackLater(world.task(), planned, before, cause, world, never)
      return world.ending
    }
    const arrived = () => {
      const world = worldOf()
      world.host().switchTo(storePath('b', 'nixos-system-web-25.05'))
      return world
    }

    test('takes its lock again, and gives it back', async () => {
      const world = arrived()
      expect(await later(world)).toMatchObject({ type: 'host.rolled-back', system: 'OLD' })
      expect(world.locks.story).toEqual(['lock web', 'free web'])
    })

    test('leaves alone what somebody else did since', async () => {
      const world = arrived()
      world.host().switchTo(elsewhere)
      expect(await later(world)).toMatchObject({ type: 'host.failed', code: 'roll-back/moved', system: elsewhere })
      expect(world.engine.calls).toEqual([])
    })

    test('does nothing to one that is back already', async () => {
      const world = arrived()
      world.host().switchTo(storePath('a', 'nixos-system-web-25.05'))
      expect(await later(world)).toMatchObject({ type: 'host.rolled-back' })
      expect(world.engine.calls).toEqual([])
    })
  })
})

test('a check that must pass before keeps fleet from touching the host; another that fails already condemns nothing', async () => {
  const blocked = worldOf(['web'], { check: { precondition: true, deadlineMs: 5000 } })
  blocked.check.measures = () => ({ result: 'fail', message: 'a backup is running' })
  expect(await prepared(blocked)).toMatchObject({ code: 'check/precondition', step: 'check', touched: false })
  expect(blocked.locks.at('web').holder).toBeNull()
  const world = worldOf()
  world.check.measures = () => ({ result: 'fail', message: 'no reply' })
  expect(outcome(await run(world))).toEqual(['complete', 0])
})

test('--force-stale: what the host runs then is what it goes back to, and is recorded', async () => {
  const world = worldOf()
  world.host().switchTo(elsewhere)
  world.host().has.add(elsewhere)
  const task = { ...world.task(), forceStale: true }
  expect(await prepare(task, world, never)).toMatchObject({ before: { system: elsewhere, generation: 42 } })
  expect(said(world, 'diagnostic')).toMatchObject({ code: 'apply/forced-stale', host: 'web' })
})
