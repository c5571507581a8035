import { describe, expect, test } from 'vitest'
import type { Fact } from '../../../src/model/run/event.ts'
import { sentenceOf } from '../../../src/model/run/sentence.ts'
import type { Event } from '../../../src/model/run/event-schema.ts'
import type { Hook } from '../../../src/model/plan/plan-schema.ts'
import { longestQueue, tellHooks } from '../../../src/pipeline/hooks/notify.ts'
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

describe('telling hooks', () => {
  const line = (type: string, more: object = {}) =>
    ({ v: 1, seq: 0, at: '2026-01-01T00:00:00.000Z', run, type, message: type, ...more }) as unknown as Event
  const telling = ({ clock, hooks, facts }: ReturnType<typeof rig>, list: readonly Hook[]) => {
    const failures: string[] = []
    const emit = (fact: Fact) => facts.push(fact)
    const onFailure = (reason: string) => failures.push(reason)
    return { teller: tellHooks({ hooks: list, hosts, emit, onFailure }, { clock, hooks }), failures }
  }

  test('returns at once, and tells each hook what it asked for, in order', async () => {
    const world = rig()
    world.hooks.takesMs = 5000
    const { teller } = telling(world, [sampleHook(['wave.started', 'host.failed'])])
    teller.tell(line('wave.started', { wave: 'all' }))
    teller.tell(line('wave.finished', { wave: 'all' }))
    teller.tell(line('host.failed', { host: 'web', wave: 'all' }))
    expect(world.hooks.calls).toEqual([])
    expect(await teller.drain(60_000, never())).toBe(0)
    expect(world.hooks.calls.map(({ document }) => document['type'])).toEqual(['wave.started', 'host.failed'])
    expect(world.hooks.calls[1]?.environment).toMatchObject({ FLEET_HOST: 'web', drain: '10s' })
    expect(world.story()).toEqual(['hook ./notify.sh on wave.started done', 'hook ./notify.sh on host.failed done'])
  })

  test('never changes the outcome unless onError says so', async () => {
    const world = rig()
    world.hooks.answers = () => ({ code: 3, message: 'no network' })
    const { teller, failures } = telling(world, [
      sampleHook(['run.started']),
      sampleHook(['run.started'], { onError: 'fail', run: ['./page'] }),
    ])
    teller.tell(line('run.started'))
    await teller.drain(60_000, never())
    expect(failures).toEqual(['hook ./page on run.started failed: no network'])
  })

  test('a hook is never told that a hook finished', async () => {
    const world = rig()
    const { teller } = telling(world, [sampleHook(['hook.finished'])])
    teller.tell(line('hook.finished'))
    await teller.drain(60_000, never())
    expect(world.hooks.calls).toEqual([])
  })

  test('one that is slower than the run is given up on: the rest is counted, and told once', async () => {
    const world = rig()
    world.hooks.takesMs = 20_000
    const { teller } = telling(world, [sampleHook(['host.output'])])
    for (let index = 0; index < longestQueue + 50; index += 1) teller.tell(line('host.output', { host: 'web' }))
    const began = world.clock.now()
    expect(await teller.drain(60_000, never())).toBeGreaterThan(longestQueue - 10)
    expect(world.clock.now() - began).toBe(60_000)
    expect(world.facts.filter(({ type }) => type === 'diagnostic')).toHaveLength(1)
  })

  test('the end of a run is told too, and nothing follows it in the stream', async () => {
    const world = rig()
    const { teller } = telling(world, [sampleHook(['run.finished'])])
    await teller.drain(60_000, never())
    teller.tell(line('run.finished'))
    await teller.drain(60_000, never())
    expect(world.hooks.calls).toHaveLength(1)
    expect(world.facts).toEqual([])
  })

  test('an event that is about no host fills in no host', async () => {
    const world = rig()
    const { teller } = telling(world, [sampleHook(['run.started'], { run: ['./notify', '{{host.name}}'] })])
    teller.tell(line('run.started'))
    await teller.drain(60_000, never())
    expect(world.hooks.calls).toEqual([])
    expect(world.story()).toEqual([
      'hook ./notify {{host.name}} on run.started failed: {{host.name}} has no value at run.started',
    ])
  })
})
