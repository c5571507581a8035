import { describe, expect, test } from 'vitest'
import { rollBackLater } from '../../../src/pipeline/host/roll-back.ts'
import { readyAt, rolledOut } from '../../rig/doubles/run.ts'
import { type DoubleWorld, worldOf } from '../../rig/doubles/world.ts'
import { storePath } from '../../rig/samples/plan.ts'

const never = new AbortController().signal
const elsewhere = storePath('c', 'nixos-system-web-24.11')

describe('a rollback', () => {
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
      const { before, planned, failing } = await readyAt(worldOf())
      await rollBackLater({ task: world.task(), ports: world, signal: never, planned, before, failing }, cause)
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
      expect(await later(world)).toMatchObject({ type: 'host.failed', code: 'roll-back/changed', system: elsewhere })
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
