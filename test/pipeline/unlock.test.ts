import { describe, expect, test } from 'vitest'
import type { Host } from '../../src/model/fleet/fleet.ts'
import { findLocks, removeLock } from '../../src/pipeline/unlock.ts'
import { noAnswer } from '../rig/doubles/host.ts'
import { type DoubleWorld, worldOf } from '../rig/doubles/world.ts'
import { sampleSettings } from '../rig/samples/plan.ts'

const never = new AbortController().signal

function hostOf(name: string): Host {
  const place = { file: 'fleet.yaml', line: 1, column: 1, length: 1, text: '' }
  return { name, enabled: true, settings: sampleSettings(name), hostnameFrom: 'configuration', place }
}

function occupied(): DoubleWorld {
  const world = worldOf(['web', 'db'])
  world.locks.occupy('web')
  return world
}

test('every lock that is held is found, with its holder; hosts that cannot be asked are told', async () => {
  const world = occupied()
  const read = world.locks.read.bind(world.locks)
  world.locks.read = async (host) => (host.name === 'db' ? { ok: false, failure: noAnswer } : read(host))
  world.fleetLock.heldBy = { id: 'all', who: 'bob@home', run: '7', since: 'then' }
  const found = await findLocks(['web', 'db'].map(hostOf), 2, world, never)
  expect(found.held.map(({ host, holder }) => [host?.name ?? null, holder.id])).toEqual([
    ['web', 'lock-of-web'],
    [null, 'all'],
  ])
  expect(found.diagnostics).toMatchObject([{ code: 'unlock/not-read', host: 'db', severity: 'warning' }])
})

describe('a lock of a host', () => {
  const found = async (world: DoubleWorld) => {
    const [lock] = (await findLocks([hostOf('web')], 1, { ...ports(world), fleetLock: null }, never)).held
    if (lock === undefined) throw new Error('the double forgot its lock')
    return lock
  }
  const ports = ({ remote, locks, fleetLock }: DoubleWorld) => ({ remote, locks, fleetLock })

  test('is removed', async () => {
    const world = occupied()
    expect(await removeLock(await found(world), world, never)).toBeNull()
    expect(world.locks.at('web').holder).toBeNull()
  })

  test('stays while an activation runs there', async () => {
    const world = occupied()
    world.host('web').activating = 1
    expect(await removeLock(await found(world), world, never)).toMatchObject({ code: 'unlock/activating', host: 'web' })
    expect(world.locks.at('web').holder).not.toBeNull()
  })

  test('stays where it cannot be seen whether one runs', async () => {
    const world = occupied()
    world.host('web').silent = 1
    expect(await removeLock(await found(world), world, never)).toMatchObject({ code: 'unlock/failed', host: 'web' })
    expect(world.locks.at('web').holder).not.toBeNull()
  })
})
