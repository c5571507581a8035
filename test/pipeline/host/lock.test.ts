import { describe, expect, test } from 'vitest'
import { answered, done } from '../../rig/doubles/engines/engine.ts'
import { prepared, rolledOut, run } from '../../rig/doubles/run.ts'
import { said, worldOf } from '../../rig/doubles/world.ts'
import { sampleWave, storePath } from '../../rig/samples/plan.ts'

const never = new AbortController().signal
const elsewhere = storePath('c', 'nixos-system-web-24.11')

describe('a lock that somebody holds', () => {
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
    expect(said(world, 'host.waiting')).toMatchObject({ reason: 'an activation is already running on the host' })
  })
})

describe('somebody who knows no locks', () => {
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
