import { expect, test } from 'vitest'
import type { TcpCheck } from '../../../src/model/plan/plan-schema.ts'
import { checkBefore, checkHost } from '../../../src/pipeline/host/check-host.ts'
import type { Attempt, CheckType, Measurement } from '../../../src/ports/check.ts'
import { sampleCheck, sampleProbe, worldOf } from '../../rig/doubles/world.ts'
import { systemdCheckOf } from '../../rig/samples/checks.ts'

/** A host with these checks, each answering by its name and the number of its attempt. */
function rig(
  checks: Readonly<Record<string, Partial<Omit<TcpCheck, 'type'>>>>,
  answers: (attempt: Attempt) => Measurement['result'],
) {
  const world = worldOf()
  const asked: Attempt[] = []
  const type: CheckType = {
    async measure(_, attempt) {
      asked.push(attempt)
      return { result: answers(attempt), message: `attempt ${attempt.attempt}` }
    },
  }
  const filled = Object.fromEntries(Object.entries(checks).map(([name, more]) => [name, sampleProbe(more)]))
  const task = { ...world.task(), checks: filled }
  const ports = { clock: world.clock, checkTypes: { tcp: type } }
  const signal = new AbortController().signal
  return { world, task, ports, signal, asked }
}

const before = (world: ReturnType<typeof rig>) => checkBefore(world, [])

test('what fails before the change is noted after one attempt each, and nothing is waited for', async () => {
  const checks = { old: {}, well: { stableForMs: 60_000, initialDelayMs: 60_000 }, later: { when: ['after'] as const } }
  const world = rig(checks, ({ check: name }) => (name === 'old' ? 'fail' : 'pass'))
  const began = world.world.clock.now()
  expect(await before(world)).toEqual({ failing: new Set(['old']), refusal: null })
  expect(world.asked.map(({ check: name, phase }) => [name, phase])).toEqual([
    ['old', 'before'],
    ['well', 'before'],
  ])
  expect(world.world.clock.now()).toBe(began)
  expect(world.world.story).toContain('web: check old failed: attempt 1')
})

test('what the host has just told is not asked again, and is told as measured', async () => {
  const world = rig({ probe: {} }, () => 'pass')
  const units = systemdCheckOf()
  const checks = {
    ...world.task.checks,
    ssh: sampleCheck({ precondition: true }),
    units,
    any: { ...units, failedUnits: 'any' as const },
    named: { ...units, active: ['nginx.service'] },
  }
  const asked: string[] = []
  const type: CheckType = {
    async measure(_, { check: name }) {
      asked.push(name)
      return { result: 'pass', message: 'asked' }
    },
  }
  const ports = { clock: world.ports.clock, checkTypes: { ssh: type, systemd: type, tcp: type } }
  const found = await checkBefore({ task: { ...world.task, checks }, ports, signal: world.signal }, ['old.service'])
  expect(found).toEqual({ failing: new Set(), refusal: null })
  expect(asked.toSorted()).toEqual(['any', 'named', 'probe'])
  expect(world.world.story.slice(0, 2)).toEqual([
    'web: check ssh passed: it reported what it runs',
    'web: check units passed: 1 had failed before, none is new',
  ])
})

test('what could not be measured before is not taken for a failure', async () => {
  const world = rig({ a: {} }, () => 'error')
  expect(await before(world)).toEqual({ failing: new Set(), refusal: null })
})

test('a precondition has until its deadline to pass', async () => {
  const world = rig({ backup: { precondition: true } }, ({ attempt }) => (attempt < 4 ? 'fail' : 'pass'))
  expect(await before(world)).toEqual({ failing: new Set(), refusal: null })
  expect(world.asked).toHaveLength(4)
})

test('a precondition that does not pass refuses the host, whatever its severity and `when`', async () => {
  const precondition = { precondition: true, severity: 'warn', when: ['after'] } as const
  const world = rig({ backup: precondition }, () => 'fail')
  expect((await before(world)).refusal).toEqual({
    code: 'check/precondition',
    reason: 'precondition check backup failed: attempt 24',
  })
})

test('a precondition that cannot be measured refuses the host as inconclusive', async () => {
  const world = rig({ backup: { precondition: true } }, () => 'error')
  expect((await before(world)).refusal).toMatchObject({ code: 'check/no-result' })
})

test('after the change only checks of `when: after` run, and what failed before condemns nothing', async () => {
  const checks = { old: {}, well: {}, early: { when: ['before'] as const } }
  const world = rig(checks, ({ check: name }) => (name === 'old' ? 'fail' : 'pass'))
  const health = await checkHost(world, 'after', { units: [], checks: new Set(['old']) })
  expect(health).toEqual({ health: 'healthy' })
  expect(new Set(world.asked.map(({ check: name }) => name))).toEqual(new Set(['old', 'well']))
  expect(world.world.story).toContain('web: check old failed: attempt 1 (it failed before the change too)')
})

test('a check is told the run, the wave, the phase and both paths', async () => {
  const world = rig({ a: {} }, () => 'pass')
  await checkHost(world, 'rollback', { units: ['old.service'], checks: new Set() })
  const planned = world.world.plan.body.hosts['web']
  expect(world.asked[0]).toMatchObject({
    name: 'web',
    check: 'a',
    attempt: 1,
    run: world.task.run,
    wave: 'all',
    phase: 'rollback',
    failedBefore: ['old.service'],
    plan: planned?.action === 'change' ? { from: planned.from.system, to: planned.to.system } : null,
  })
})
