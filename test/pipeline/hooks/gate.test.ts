import { describe, expect, test } from 'vitest'
import type { Fact } from '../../../src/model/run/event.ts'
import { sentenceOf } from '../../../src/model/run/sentence.ts'
import type { Hook } from '../../../src/model/plan/plan-schema.ts'
import { askGate, gatePatienceMs } from '../../../src/pipeline/hooks/gate.ts'
import { DoubleHooks, sampleHook } from '../../rig/doubles/hooks.ts'
import { changed, samplePlan } from '../../rig/samples/plan.ts'
import { sampleSettings } from '../../rig/samples/plan.ts'
import { VirtualClock } from '../../rig/doubles/virtual-clock.ts'

const settings = sampleSettings('web', { vars: { drain: '10s' } })
const { hosts } = samplePlan({ web: { ...changed('web'), settings } }).body
const run = '20260101T000000Z-test'
const never = () => new AbortController().signal

function rig() {
  const clock = new VirtualClock()
  const hooks = new DoubleHooks(clock)
  const facts: Fact[] = []
  return { clock, hooks, facts, story: () => facts.map((fact) => sentenceOf({ ...fact, run: 'r' })) }
}

describe('a gate', () => {
  const gate = sampleHook(['before.host'], { run: ['./drain', '{{host.name}}'] })
  const asked = (
    { clock, hooks, facts }: ReturnType<typeof rig>,
    list: readonly Hook[],
    more: { readonly onWait?: (reason: string) => void; readonly signal?: AbortSignal } = {},
  ) =>
    askGate(
      {
        gate: 'before.host',
        run,
        wave: 'all',
        host: 'web',
        hooks: list,
        hosts,
        fields: {},
        emit: (fact) => facts.push(fact),
        ...(more.onWait === undefined ? {} : { onWait: more.onWait }),
      },
      { clock, hooks },
      more.signal ?? never(),
    )

  test('is open where no hook guards it', async () => {
    const world = rig()
    expect(await asked(world, [sampleHook(['before.run'])])).toEqual({ decision: 'continue' })
    expect(world.hooks.calls).toEqual([])
  })

  test('asks each hook in the order of fleet.yaml, with a document and an environment', async () => {
    const world = rig()
    expect(await asked(world, [gate, sampleHook(['before.host'])])).toEqual({ decision: 'continue' })
    expect(world.hooks.calls.map(({ program }) => program)).toEqual(['./drain web', './notify.sh'])
    expect(world.hooks.calls[0]?.document).toMatchObject({ v: 1, type: 'before.host', run, wave: 'all', host: 'web' })
    expect(world.hooks.calls[0]?.environment).toMatchObject({
      FLEET_EVENT: 'before.host',
      FLEET_RUN: run,
      FLEET_WAVE: 'all',
      FLEET_HOST: 'web',
      drain: '10s',
    })
    expect(world.story()).toEqual([
      'hook ./drain web on before.host allows it',
      'hook ./notify.sh on before.host allows it',
    ])
  })

  test('waits at 75 and asks again, telling each reason once', async () => {
    const world = rig()
    const began = world.clock.now()
    const waits: string[] = []
    world.hooks.answers = (_, count) => (count < 4 ? { code: 75, message: 'draining' } : { code: 0 })
    expect(await asked(world, [gate], { onWait: (reason) => waits.push(reason) })).toEqual({ decision: 'continue' })
    expect(world.clock.now() - began).toBe(30_000)
    expect(waits).toEqual(['./drain web: draining'])
    expect(world.facts.map((fact) => (fact.type === 'hook.finished' ? fact.decision : ''))).toEqual([
      'wait',
      'continue',
    ])
    expect(world.hooks.calls.map(({ document }) => document['attempt'])).toEqual([1, 2, 3, 4])
  })

  test('does not wait for ever', async () => {
    const world = rig()
    const began = world.clock.now()
    world.hooks.answers = () => ({ code: 75, message: 'draining' })
    expect(await asked(world, [gate])).toEqual({
      decision: 'refuse',
      reason: './drain web said "not yet" for 1h: draining',
    })
    expect(world.clock.now() - began).toBe(gatePatienceMs)
  })

  test.each([
    [{ code: 1, message: 'maintenance' }, 'maintenance'],
    [{ code: 2 }, 'exit status 2'],
    [{ code: null, message: 'it did not answer within 30 s' }, 'it did not answer within 30 s'],
  ])('refuses at anything else: %j', async (answer, reason) => {
    const world = rig()
    world.hooks.answers = () => answer
    expect(await asked(world, [gate, sampleHook(['before.host'])])).toEqual({
      decision: 'refuse',
      reason: `./drain web: ${reason}`,
    })
    expect(world.hooks.calls).toHaveLength(1)
  })

  test('ends at an interrupt, while it waits and while its program runs', async () => {
    for (const takesMs of [0, 20_000]) {
      const world = rig()
      const stop = new AbortController()
      world.hooks.takesMs = takesMs
      world.hooks.answers = () => ({ code: 75 })
      void world.clock.sleep(15_000, never()).then(() => stop.abort())
      expect(await asked(world, [gate], { signal: stop.signal })).toEqual({ decision: 'stopped' })
    }
  })

  test('stays closed where the hook’s program can neither answer nor be ended', async () => {
    const world = rig()
    world.hooks.call = () => new Promise(() => {})
    expect(await asked(world, [gate])).toMatchObject({
      decision: 'refuse',
      reason: './drain web: it did not answer within 30s, and could not be ended',
    })
  })
})
