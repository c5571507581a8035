import type { Failure } from '../../../src/model/plan/plan-schema.ts'
import { describe, expect, test } from 'vitest'
import type { EngineTask } from '../../../src/ports/engine.ts'
import { answered, done } from '../../rig/doubles/engines/engine.ts'
import { rolledOut } from '../../rig/doubles/run.ts'
import type { DoubleHost } from '../../rig/doubles/host.ts'
import { worldOf } from '../../rig/doubles/world.ts'
import { storePath } from '../../rig/samples/plan.ts'

const never = new AbortController().signal
const elsewhere = storePath('c', 'nixos-system-web-24.11')

const arrive = (host: DoubleHost, { to }: EngineTask) => host.switchTo(to.profile, to.system)
const place = { host: 'web', wave: 'all' }

test('a host that is changed and healthy is told step by step', async () => {
  const world = worldOf()
  await rolledOut(world)
  expect(world.story).toEqual([
    'web: started',
    'web: activating NEW',
    'web: activated',
    'web: verifying what it runs',
    'web: runs its planned system (verified)',
    'web: running its checks',
    'web: check alive passed: well',
    'web: healthy',
    'web: runs NEW and is healthy (verified)',
    'web: host lock released',
  ])
  expect(world.ending).toMatchObject({ type: 'host.succeeded', system: 'NEW', profile: 'NEW', generation: 42 })
})

describe('the engine is not believed', () => {
  test('it says done, and the host is back at what it ran', async () => {
    const world = worldOf()
    world.engine.activates = () => done
    expect(await rolledOut(world)).toEqual({
      type: 'host.rolled-back',
      ...place,
      step: 'activate',
      code: 'activate/rolled-back',
      reason: 'the engine reported success, but the host runs its previous system',
      system: 'OLD',
      profile: 'OLD',
    })
    expect(world.engine.calls).toEqual(['activate web'])
  })

  test('it says done, and the profile is set but the old system runs: the host is rolled back', async () => {
    const world = worldOf()
    world.engine.activates = (host, { to }) => {
      host.switchTo(to.profile, host.system)
      return done
    }
    expect(await rolledOut(world)).toEqual({
      type: 'host.rolled-back',
      ...place,
      step: 'activate',
      code: 'activate/half-way',
      reason: 'the engine reported success, but the host does not run its planned system',
      system: 'OLD',
      profile: 'OLD',
    })
  })

  test('it says failed, and the host runs the new system: the host is rolled back', async () => {
    const world = worldOf()
    world.engine.activates = (host, task) => {
      arrive(host, task)
      return answered('failed', 'activate/units-failed')
    }
    expect(await rolledOut(world)).toMatchObject({
      type: 'host.rolled-back',
      code: 'activate/units-failed',
      reason: 'it failed: as the double was told',
    })
    expect(world.engine.calls).toEqual(['activate web', 'roll-back web'])
  })

  test('it says failed, and the host is half-way: the reason says so', async () => {
    const world = worldOf()
    world.engine.activates = (host, { to }) => {
      host.switchTo(to.profile, host.system)
      return answered('failed', 'activate/failed')
    }
    expect(await rolledOut(world)).toMatchObject({
      type: 'host.rolled-back',
      reason: 'it failed: as the double was told; the host was half-way between two systems',
    })
  })

  test('it refused, and the host is as it was: nothing was changed', async () => {
    const world = worldOf()
    world.engine.activates = () => answered('refused', 'activate/profile')
    expect(await rolledOut(world)).toMatchObject({ type: 'host.failed', code: 'activate/profile', touched: false })
    expect(world.engine.calls).toEqual(['activate web'])
  })

  test('it says failed, and the host is as it was: it went back, and may have been half-way in between', async () => {
    const world = worldOf()
    world.engine.activates = () => answered('failed', 'activate/failed')
    expect(await rolledOut(world)).toMatchObject({ type: 'host.rolled-back', code: 'activate/failed', system: 'OLD' })
    expect(world.engine.calls).toEqual(['activate web'])
  })

  test('it says that nobody confirmed the activation: its words are kept, with what runs now', async () => {
    const world = worldOf()
    const failure: Failure = {
      code: 'activate/unconfirmed',
      summary: 'activation not confirmed, rolled back',
      detail: '',
    }
    world.engine.activates = () => ({ how: 'failed', failure })
    const ending = await rolledOut(world)
    expect(ending).toMatchObject({
      type: 'host.rolled-back',
    })
  })

  test('it took the host back itself, into another generation: that is where it is, and nothing more is done', async () => {
    const world = worldOf()
    world.engine.activates = (host, task) => {
      arrive(host, task)
      host.switchTo(task.from.profile ?? '', task.from.system)
      return answered('failed', 'activate/failed')
    }
    expect(await rolledOut(world)).toMatchObject({ type: 'host.rolled-back', system: 'OLD' })
  })
})

describe('a lost connection', () => {
  test('to a host that arrives all the same: it succeeded', async () => {
    const world = worldOf()
    world.engine.activates = (host, task) => {
      Object.assign(host, { silent: 3, activating: 4, ends: () => arrive(host, task) })
      return answered('lost', 'ssh/connection-lost')
    }
    expect(await rolledOut(world)).toMatchObject({ type: 'host.succeeded', system: 'NEW' })
    // Three times nothing, four times busy, and then at rest twice in a row; once more after its checks.
    expect(world.host().questions).toBe(10)
  })

  test('to a host that is back where it was: it went back', async () => {
    const world = worldOf()
    world.engine.activates = (host) => {
      host.silent = 2
      return answered('lost', 'ssh/connection-lost')
    }
    expect(await rolledOut(world)).toMatchObject({
      type: 'host.rolled-back',
      code: 'ssh/connection-lost',
      reason: 'it lost: as the double was told; the host runs its previous system',
    })
  })

  test('to a host that stays silent: its state is unknown, with what was known last and whom to ask', async () => {
    const world = worldOf(['web'], { settings: { note: 'ask Ann for the console' } })
    world.engine.activates = (host) => {
      host.silent = Number.POSITIVE_INFINITY
      return answered('lost', 'ssh/connection-lost')
    }
    const began = world.clock.now()
    expect(await rolledOut(world)).toEqual({
      type: 'host.unknown',
      ...place,
      step: 'verify',
      code: 'ssh/no-answer',
      reason: 'no answer: ssh to it: No route to host',
      lastKnown: 'OLD',
      note: 'ask Ann for the console',
    })
    expect(world.engine.calls).toEqual(['activate web'])
    // As long as its activation and its confirmation may take.
    expect(world.clock.now() - began).toBeGreaterThanOrEqual(270_000)
  })

  test('to a host on which the activation never ends: its state is unknown', async () => {
    const world = worldOf()
    world.engine.activates = (host) => {
      host.activating = Number.POSITIVE_INFINITY
      return answered('lost', 'ssh/connection-lost')
    }
    expect(await rolledOut(world)).toMatchObject({ type: 'host.unknown', code: 'verify/activating' })
  })

  test('to a host that then refuses the login: it is not asked again', async () => {
    const world = worldOf()
    world.engine.activates = (host) => {
      host.silent = Number.POSITIVE_INFINITY
      host.silence = { code: 'ssh/refused-login', summary: 'login refused', detail: '' }
      return answered('lost', 'ssh/connection-lost')
    }
    expect(await rolledOut(world)).toMatchObject({ type: 'host.unknown', code: 'ssh/refused-login' })
    expect(world.host().questions).toBe(1)
  })
})

test('a host that is silent for a moment after a long activation is asked again', async () => {
  const world = worldOf()
  world.engine.activates = async (host, task) => {
    await world.clock.sleep(120_000, never)
    arrive(host, task)
    host.silent = 2
    return done
  }
  expect(await rolledOut(world)).toMatchObject({ type: 'host.succeeded' })
})

describe('refused by the engine', () => {
  test('because another run had brought it there: it is skipped, and not rolled back', async () => {
    const world = worldOf()
    world.engine.activates = (host, task) => {
      arrive(host, task)
      return answered('refused', 'activate/stale')
    }
    expect(await rolledOut(world)).toEqual({
      type: 'host.skipped',
      ...place,
      cause: 'converged',
      reason: 'another run brought it to its planned system, NEW',
      profileAgeSeconds: 3600,
    })
    expect(world.engine.calls).toEqual(['activate web'])
  })

  test('because it moved: it is stale, and not rolled back', async () => {
    const world = worldOf()
    world.engine.activates = (host) => {
      host.switchTo(elsewhere)
      return answered('refused', 'activate/stale')
    }
    expect(await rolledOut(world)).toEqual({
      type: 'host.stale',
      ...place,
      expected: 'OLD',
      observed: elsewhere,
      expectedProfile: 'OLD',
      observedProfile: elsewhere,
      reason: 'changed since it was prepared: as the double was told',
    })
    expect(world.engine.calls).toEqual(['activate web'])
  })

  test('because another run is at work on it, half-way: it failed, and is left to that run', async () => {
    const world = worldOf()
    world.engine.activates = (host, { to }) => {
      host.switchTo(to.profile, host.system)
      return answered('refused', 'activate/locked')
    }
    expect(await rolledOut(world)).toMatchObject({ type: 'host.failed', code: 'activate/locked', touched: false })
    expect(world.engine.calls).toEqual(['activate web'])
  })
})
