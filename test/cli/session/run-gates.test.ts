import { expect, test } from 'vitest'
import { noOverrides } from '../../../src/model/run/overrides.ts'
import type { Context } from '../../../src/cli/session/context.ts'
import { runGates } from '../../../src/cli/session/run-gates.ts'
import type { Session } from '../../../src/cli/session/session.ts'
import { Signals } from '../../rig/doubles/run.ts'
import { type DoubleWorld, worldOf } from '../../rig/doubles/world.ts'
import { sampleSettings, sampleWave, unevaluated } from '../../rig/samples/plan.ts'

type Flags = Session['flags']

const flags: Flags = {
  file: 'fleet.yaml',
  stateDirectory: null,
  quiet: false,
  verbose: false,
  color: false,
  waves: [],
  on: [],
  plan: 'plan.json',
  autoApprove: false,
  allowDirty: false,
  planId: null,
  requireSignature: null,
  json: false,
  parallelism: 16,
  dryActivate: false,
  overrides: noOverrides,
  lockTimeoutMs: 0,
  log: null,
  simulate: null,
}

/** Two waves, a host each. */
function worldOfTwo(more: Parameters<typeof worldOf>[1] = {}): DoubleWorld {
  return worldOf(['one', 'two'], { waves: [sampleWave('canary', ['one']), sampleWave('rest', ['two'])], ...more })
}

/** What stands before a rollout says: the hosts that may be rolled out, or the exit code, and what was written. */
async function asked(world: DoubleWorld, more: Partial<Flags> = {}, signals = new Signals()) {
  const written = { stdout: '', stderr: '' }
  const stream = (name: keyof typeof written) => ({
    isTTY: false,
    write: (text: string) => {
      written[name] += text
      return true
    },
  })
  const terminal = { stdin: {}, stdout: stream('stdout'), stderr: stream('stderr'), environment: {}, log: null }
  const context = { terminal, interrupts: signals } as unknown as Context
  const answer = await runGates(world.plan, { flags: { ...flags, ...more }, context, world, ask: world.ask })
  return { answer: typeof answer === 'number' ? answer : answer.flatMap(({ hosts }) => hosts), ...written }
}

test('a plan that nothing speaks against may be rolled out', async () => {
  expect((await asked(worldOfTwo())).answer).toEqual(['one', 'two'])
})

test('a selected host that does not evaluate is refused: exit 5', async () => {
  const world = worldOfTwo({ hosts: { two: unevaluated('two') } })
  expect((await asked(world)).answer).toBe(5)
  expect((await asked(world, { on: ['!two'] })).answer).toEqual(['one'])
})

test('another plan than the one approved is refused: exit 5', async () => {
  const { answer, stdout } = await asked(worldOfTwo(), { planId: 'sha256:other' })
  expect([answer, stdout]).toEqual([5, 'Apply refused: another plan than the approved one.\n'])
})

test('a plan from a dirty tree takes consent: exit 5 without', async () => {
  const { body } = worldOfTwo().plan
  const world = worldOfTwo({ body: { source: { ...body.source, dirty: true } } })
  expect((await asked(world)).answer).toBe(5)
  expect((await asked(world, { allowDirty: true })).answer).toEqual(['one', 'two'])
  world.ask.answers = async () => true
  expect((await asked(world)).answer).toEqual(['one', 'two'])
})

test('a selector that finds nothing is usage and is repeated: exit 64', async () => {
  const { answer, stderr } = await asked(worldOfTwo(), { on: ['web-*'] })
  expect(answer).toBe(64)
  expect(stderr).toContain('web-*')
})

test('a later wave is refused until the earlier ones are done: exit 5', async () => {
  const { answer, stderr } = await asked(worldOfTwo(), { waves: ['rest'] })
  expect(answer).toBe(5)
  expect(stderr).toContain('one of that wave does not run its planned system yet')
})

test('--out-of-order asks no host about earlier waves', async () => {
  const world = worldOfTwo()
  const overrides = { ...noOverrides, outOfOrder: true, reason: 'the canary is in repair' }
  expect((await asked(world, { waves: ['rest'], overrides })).answer).toEqual(['two'])
  expect(world.host('one').questions).toBe(0)
})

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
])('%s while earlier waves are asked exits %i', async (signal, code) => {
  const world = worldOfTwo()
  const signals = new Signals()
  world.host('one').silent = 1
  const { remote } = world
  const ask = remote.run.bind(remote)
  remote.run = (...question) => {
    signals.interrupt(signal)
    return ask(...question)
  }
  const { answer, stdout } = await asked(world, { waves: ['rest'], json: true }, signals)
  expect(answer).toBe(code)
  expect(JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '')).toMatchObject({
    type: 'run.finished',
    outcome: 'interrupted',
    exitCode: code,
  })
})

test('--force-stale names hosts of the selection: exit 64', async () => {
  const overrides = { ...noOverrides, forceStale: ['two'], reason: 'ours' }
  expect((await asked(worldOfTwo(), { on: ['one'], overrides })).answer).toBe(64)
})

test('an engine that this version lacks is refused: exit 5', async () => {
  const one = { ...worldOfTwo().plan.body.hosts['one'], settings: sampleSettings('one', { engine: 'nixos-rebuild' }) }
  const world = worldOfTwo({ hosts: { one: one as never } })
  expect((await asked(world)).answer).toBe(5)
})
