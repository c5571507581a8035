import { expect, it } from 'vitest'
import type { RunFinished } from '../../../src/model/run/event-schema.ts'
import { noOverrides } from '../../../src/model/run/run.ts'
import { nextCommand } from '../../../src/cli/session/next-command.ts'
import { SampleRun } from '../../rig/samples/run.ts'

type Flags = Parameters<typeof nextCommand>[1]

const own = '.fleet/runs/r/plan.json'
const forward = { rollback: null }
const back = { rollback: { run: '20251129T210000Z-230e' } } as Parameters<typeof nextCommand>[2]

function flagsOf(more: Partial<Flags> = {}): Flags {
  const none = { file: 'fleet.yaml', stateDirectory: null, plan: null, waves: [], on: [], simulate: null }
  return { ...none, overrides: noOverrides, ...more }
}

function ended(outcome: RunFinished['outcome'], exitCode: RunFinished['exitCode'], run = twoWaves()) {
  return run.finish(outcome, exitCode, {}).state
}

function twoWaves(): SampleRun {
  return new SampleRun({ canary: ['one'], rest: ['two'] }).openWave('canary', ['one'])
}

const paused = () =>
  twoWaves()
    .finishWave('canary')
    .add({ type: 'wave.paused', wave: 'rest', cause: 'approval', reason: 'promotion: manual' })

it('a rollback that was interrupted goes on with its own plan, and never plans forward', () => {
  expect(nextCommand(ended('interrupted', 130), flagsOf(), back, own)).toBe(`fleet apply ${own}`)
})

it('a plan that the operator saved is named as the operator named it, for a shell', () => {
  const flags = flagsOf({ plan: "it's mine.json" })
  expect(nextCommand(ended('interrupted', 143), flags, forward, null)).toBe(`fleet apply 'it'\\''s mine.json'`)
})

it('a wave that waits for a person is named, which is the yes', () => {
  const flags = flagsOf({ plan: 'm.json' })
  expect(nextCommand(ended('paused', 4, paused()), flags, forward, null)).toBe('fleet apply m.json --wave rest')
})

it('a wave that paused after its start goes on as it was asked for', () => {
  const run = twoWaves().add({ type: 'wave.paused', wave: 'canary', cause: 'health', reason: 'health unknown' })
  expect(nextCommand(ended('paused', 4, run), flagsOf({ plan: 'm.json' }), forward, null)).toBe('fleet apply m.json')
})

it('a host that somebody else holds is tried again with the same plan', () => {
  expect(nextCommand(ended('refused', 6), flagsOf(), forward, own)).toBe(`fleet apply ${own}`)
})

it('the same hosts are meant, within the same limits, and no safeguard is set aside again', () => {
  const overrides = { ...noOverrides, maxParallel: '10%', skipBake: true, reason: 'in a hurry' }
  const flags = flagsOf({ file: 'lab.yaml', stateDirectory: '/srv/state', waves: ['canary'], on: ['web-*'], overrides })
  expect(nextCommand(ended('interrupted', 130), flags, forward, own)).toBe(
    `fleet --file lab.yaml --state-dir /srv/state apply ${own} --wave canary --on 'web-*' --max-parallel 10%`,
  )
})

it('what failed is planned anew, a way back as a way back', () => {
  expect(nextCommand(ended('failed', 3), flagsOf(), forward, own)).toBe('fleet plan')
  expect(nextCommand(ended('refused', 5), flagsOf({ plan: 'm.json' }), forward, null)).toBe('fleet plan')
  expect(nextCommand(ended('failed', 3), flagsOf(), back, own)).toBe('fleet rollback --run 20251129T210000Z-230e')
})

it('after a simulation, and where all is done, there is nothing to type', () => {
  const simulate = {} as NonNullable<Flags['simulate']>
  expect(nextCommand(ended('interrupted', 130), flagsOf({ simulate }), forward, null)).toBeNull()
  expect(nextCommand(ended('complete', 0), flagsOf(), forward, own)).toBeNull()
})
