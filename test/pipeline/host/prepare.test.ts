import type { Failure } from '../../../src/model/plan/plan-schema.ts'
import { describe, expect, test } from 'vitest'
import { prepare } from '../../../src/pipeline/host/prepare.ts'
import { answered } from '../../rig/doubles/engines/engine.ts'
import { noAnswer } from '../../rig/doubles/host.ts'
import { prepared } from '../../rig/doubles/run.ts'
import { type DoubleWorld, worldOf } from '../../rig/doubles/world.ts'
import { changed, sampleObserved, sampleSettings, storePath, unreachable } from '../../rig/samples/plan.ts'

const never = new AbortController().signal
const elsewhere = storePath('c', 'nixos-system-web-24.11')

test('a host is locked, asked and checked, then built for, then copied to', async () => {
  const world = worldOf()
  expect(await prepare({ task: world.task(), ports: world, signal: never })).toMatchObject({
    before: { hostname: 'web', mayActAsRoot: true, generation: 41 },
    failing: new Set(),
  })
  expect(world.story).toEqual([
    'web: taking the host lock',
    'web: host lock taken',
    'web: locked by this run',
    'web: preflight: asking what it runs',
    'web: check alive passed: well',
    'web: runs the system that the plan expects',
    'web: building NEW',
    'web: built',
    'web: copying its planned system',
  ])
  expect(world.engine.calls).toEqual(['copy web'])
})

test('what is built is what the plan says, kept alive by a root', async () => {
  const world = worldOf()
  const asked: unknown[] = []
  world.nix.realises = ({ drv, output, root }) => {
    asked.push({ drv, output, root })
    return { ok: true, value: output }
  }
  await prepare({ task: world.task(), ports: world, signal: never })
  const system = storePath('b', 'nixos-system-web-25.05')
  expect(asked).toEqual([
    { drv: `${storePath('d', 'nixos-system-web-25.05')}.drv`, output: system, root: '/roots/web' },
  ])
})

describe('a host that does not answer', () => {
  test('is tried three times and then failed', async () => {
    const world = worldOf()
    world.host().silent = 3
    expect(await prepared(world)).toEqual({
      type: 'host.failed',
      host: 'web',
      wave: 'all',
      step: 'preflight',
      code: 'ssh/no-answer',
      reason: 'no answer: ssh to it: No route to host',
      touched: false,
      system: null,
      profile: null,
    })
    expect(world.host().questions).toBe(3)
  })

  test('and answers at the third attempt is ready', async () => {
    const world = worldOf()
    world.host().silent = 2
    expect(await prepared(world)).toBeNull()
  })

  test.each([
    'ssh/refused-login',
    'ssh/host-key-changed',
    'ssh/host-key-unknown',
    'ssh/unknown-address',
    'observe/not-nixos',
  ])('for %s is asked once', async (code) => {
    const world = worldOf()
    Object.assign(world.host(), { silent: 9, silence: { ...noAnswer, code } })
    expect(await prepared(world)).toMatchObject({ type: 'host.failed', code })
    expect(world.host().questions).toBe(1)
  })

  test('is skipped where that is allowed', async () => {
    const world = worldOf(['web'], { settings: { onUnreachable: 'skip' } })
    world.host().silent = 3
    expect(await prepared(world)).toMatchObject({
      type: 'host.skipped',
      cause: 'unreachable',
      reason: 'no answer: ssh to it: No route to host',
    })
  })

  test.each(['ssh/refused-login', 'ssh/host-key-changed', 'ssh/host-key-unknown'])(
    'for %s fails though it may be skipped: it is there',
    async (code) => {
      const world = worldOf(['web'], { settings: { onUnreachable: 'skip' } })
      Object.assign(world.host(), { silent: 9, silence: { ...noAnswer, code } })
      expect(await prepared(world)).toMatchObject({ type: 'host.failed', code })
    },
  )

  test('when the plan was made is not asked now', async () => {
    const world = worldOf(['web'], { hosts: { web: unreachable('web') } })
    expect(await prepared(world)).toMatchObject({ type: 'host.failed', code: 'plan/unreachable', touched: false })
    expect(world.host().questions).toBe(0)
  })

  test('when the plan was made is skipped where that is allowed', async () => {
    const web = { ...unreachable('web'), settings: sampleSettings('web', { onUnreachable: 'skip' }) }
    expect(await prepared(worldOf(['web'], { hosts: { web } }))).toMatchObject({
      type: 'host.skipped',
      cause: 'unreachable',
    })
  })
})

describe('nothing is built for a host', () => {
  const containing = (text: string) => expect.stringContaining(text) as string
  test.each([
    ['of another name', { hostname: 'db' }, 'preflight/hostname', containing('hostname is "db", expected "web"')],
    [
      'of another platform',
      { platform: 'aarch64-linux' },
      'preflight/platform',
      'the host is aarch64-linux, but its configuration is for x86_64-linux: fix the configuration and plan again',
    ],
    ['that wants a password for sudo', { mayActAsRoot: false }, 'preflight/sudo', containing('sudo needs a password')],
    [
      'on which an activation never ends',
      { activating: Number.POSITIVE_INFINITY },
      'preflight/activating',
      expect.stringMatching(/^an activation is already running on the host: It did not end within 8m45s/) as string,
    ],
    [
      'that is another machine than the plan asked',
      { machine: 'another' },
      'preflight/other-machine',
      containing('its machine id differs'),
    ],
  ])('%s', async (_, state, code, reason) => {
    const planned = { ...changed('web'), from: sampleObserved('web', { machine: 'its own' }) }
    const world = worldOf(['web'], { hosts: { web: { ...planned, settings: sampleSettings('web', { checks: [] }) } } })
    Object.assign(world.host(), state)
    expect(await prepared(world)).toMatchObject({
      type: 'host.failed',
      step: 'preflight',
      code,
      reason,
      touched: false,
    })
    expect(world.engine.calls).toEqual([])
  })

  test.each([
    [
      'runs something else',
      { system: elsewhere },
      `changed since the plan: it runs ${elsewhere}, the plan expects OLD`,
    ],
    [
      'would boot something else',
      { profile: elsewhere },
      `changed since the plan: its system profile is ${elsewhere}, the plan expects OLD`,
    ],
    [
      'has no profile any more',
      { profile: null },
      'changed since the plan: its system profile is missing, the plan expects OLD',
    ],
  ])('that %s than the plan expects: it is stale', async (_, state, reason) => {
    const world = worldOf()
    Object.assign(world.host(), state)
    expect(await prepared(world)).toMatchObject({ type: 'host.stale', expected: 'OLD', reason })
    expect(world.engine.calls).toEqual([])
  })
})

test('a guard that is switched off lets a host of any name be prepared', async () => {
  const world = worldOf(['web'], { settings: { expectHostname: null } })
  world.host().hostname = 'db'
  expect(await prepared(world)).toBeNull()
})

test('a build that fails ends the host before anything is copied', async () => {
  const world = worldOf()
  const failure: Failure = { code: 'build/failed', summary: 'the build failed', detail: 'no space' }
  world.nix.realises = () => ({ ok: false, failure })
  expect(await prepared(world)).toMatchObject({
    type: 'host.failed',
    step: 'build',
    code: 'build/failed',
    reason: 'the build failed: no space',
    touched: false,
  })
  expect(world.engine.calls).toEqual([])
})

test('a copy that fails ends the host, untouched', async () => {
  const world = worldOf()
  world.engine.copies = () => answered('refused', 'copy/no-space')
  expect(await prepared(world)).toMatchObject({
    type: 'host.failed',
    step: 'copy',
    code: 'copy/no-space',
    touched: false,
  })
})

test('what a build prints is told with its step', async () => {
  const world = worldOf()
  world.nix.realises = ({ output, onLine }) => {
    onLine('building it')
    return { ok: true, value: output }
  }
  await prepare({ task: world.task(), ports: world, signal: never })
  expect(world.facts).toContainEqual({
    type: 'host.output',
    host: 'web',
    step: 'build',
    stream: 'stderr',
    line: 'building it',
  })
})

describe('an interrupt', () => {
  const stops: readonly (readonly [string, (world: DoubleWorld, stop: () => void) => void])[] = [
    ['before it is asked', (_, stop) => stop()],
    [
      'while it is built for',
      (world, stop) => {
        world.nix.realises = ({ output }) => {
          stop()
          return { ok: true, value: output }
        }
      },
    ],
    [
      'while it is copied to',
      (world, stop) => {
        world.engine.copies = () => {
          stop()
          return answered('refused', 'copy/aborted')
        }
      },
    ],
    [
      'while its checks run',
      (world, stop) => {
        world.host().switchTo(storePath('b', 'nixos-system-web-25.05'))
        world.check.measures = () => {
          stop()
          return { result: 'fail', message: 'not yet' }
        }
      },
    ],
  ]

  test.each(stops)('%s cancels the host', async (_, arrange) => {
    const world = worldOf()
    const stop = new AbortController()
    arrange(world, () => stop.abort())
    expect(await prepared(world, stop.signal)).toMatchObject({ type: 'host.cancelled', host: 'web' })
  })
})
