import { expect, it } from 'vitest'
import type { RunFinished } from '../../../src/model/run/event-schema.ts'
import { noOverrides } from '../../../src/model/run/overrides.ts'
import { nextCommands } from '../../../src/cli/report/next-commands.ts'
import { SampleRun } from '../../rig/samples/run.ts'

type Flags = Parameters<typeof nextCommands>[1]

const own = '.fleet/runs/r/plan.json'
const forward = { rollback: null }
const back = { rollback: { run: '20251129T210000Z-230e' } } as Parameters<typeof nextCommands>[2]

function flagsOf(more: Partial<Flags> = {}): Flags {
  const none = { file: 'fleet.yaml', stateDirectory: null, plan: null, waves: [], on: [], simulate: null }
  return { ...none, overrides: noOverrides, ...more }
}

function ended(outcome: RunFinished['outcome'], exitCode: RunFinished['exitCode'], run = twoWaves()) {
  return run.finish(outcome, exitCode, {}).state
}

/** The commands alone, in their order. */
function typed(...all: Parameters<typeof nextCommands>): readonly string[] {
  return nextCommands(...all).map(({ command }) => command)
}

function twoWaves(): SampleRun {
  return new SampleRun({ canary: ['one'], rest: ['two'] }).openWave('canary', ['one'])
}

const paused = () =>
  twoWaves()
    .finishWave('canary')
    .add({ type: 'wave.paused', wave: 'rest', cause: 'approval', reason: 'promotion: manual' })

it('a rollback that was interrupted goes on with its own plan, and never plans forward', () => {
  expect(typed(ended('interrupted', 130), flagsOf(), back, own)).toEqual([`fleet apply ${own}`])
})

it('a plan that the operator saved is named as the operator named it, for a shell', () => {
  const flags = flagsOf({ plan: "it's mine.json" })
  expect(typed(ended('interrupted', 143), flags, forward, null)).toEqual([`fleet apply 'it'\\''s mine.json'`])
})

it('a wave that waits for approval is named, which approves it', () => {
  const flags = flagsOf({ plan: 'm.json' })
  expect(typed(ended('paused', 4, paused()), flags, forward, null)).toEqual(['fleet apply m.json --wave rest'])
})

it('a wave that paused after its start goes on as it was asked for', () => {
  const run = twoWaves().add({ type: 'wave.paused', wave: 'canary', cause: 'health', reason: 'health unknown' })
  expect(typed(ended('paused', 4, run), flagsOf({ plan: 'm.json' }), forward, null)).toEqual(['fleet apply m.json'])
})

it('a host that another run holds is tried again with the same plan', () => {
  expect(typed(ended('refused', 6), flagsOf(), forward, own)).toEqual([`fleet apply ${own}`])
})

it('the same hosts are meant, within the same limits, and no safeguard is overridden again', () => {
  const overrides = { ...noOverrides, maxParallel: '10%', skipBake: true, reason: 'in a hurry' }
  const flags = flagsOf({ file: 'lab.yaml', stateDirectory: '/srv/state', waves: ['canary'], on: ['web-*'], overrides })
  expect(typed(ended('interrupted', 130), flags, forward, own)).toEqual([
    `fleet --file lab.yaml --state-dir /srv/state apply ${own} --wave canary --on 'web-*' --max-parallel 10%`,
  ])
})

it('what failed is planned anew, a rollback as a rollback', () => {
  expect(typed(ended('failed', 3), flagsOf(), forward, own)).toEqual(['fleet plan'])
  expect(typed(ended('refused', 5), flagsOf({ plan: 'm.json' }), forward, null)).toEqual(['fleet plan'])
  expect(typed(ended('failed', 3), flagsOf(), back, own)).toEqual(['fleet rollback --run 20251129T210000Z-230e'])
})

it('after a simulation, and where all is done, there is nothing to type', () => {
  const simulate = {} as NonNullable<Flags['simulate']>
  expect(typed(ended('interrupted', 130), flagsOf({ simulate }), forward, null)).toEqual([])
  expect(typed(ended('complete', 0), flagsOf(), forward, own)).toEqual([])
})

const failed = { type: 'host.failed', wave: 'canary', host: 'one', profile: null } as const

it('the details of the run and what runs there come first where a host is not known to be well', () => {
  const run = twoWaves().add({
    type: 'host.unknown',
    host: 'one',
    wave: 'canary',
    step: 'verify',
    code: 'ssh/connection-lost',
    reason: 'silent',
    lastKnown: null,
  })
  expect(nextCommands(ended('failed', 3, run), flagsOf(), forward, own)).toEqual([
    { command: 'fleet status --on one', why: 'what runs there now' },
    { command: 'fleet history a1b2', why: 'each host, why, and its log file' },
    { command: 'fleet plan', why: 'after the fix' },
  ])
})

it('where hosts that do not answer are all that failed, the same run without them is offered', () => {
  const run = twoWaves().add({
    ...failed,
    step: 'preflight',
    code: 'ssh/no-answer',
    reason: 'no answer',
    touched: false,
    system: null,
  })
  expect(typed(ended('failed', 1, run), flagsOf({ plan: 'm.json' }), forward, null)).toContain(
    "fleet apply m.json --on '!one'",
  )
  const other = twoWaves().add({
    ...failed,
    step: 'copy',
    code: 'copy/no-space',
    reason: 'full',
    touched: false,
    system: null,
  })
  expect(typed(ended('failed', 1, other), flagsOf(), forward, own).join()).not.toContain('!one')
})

it('a wave that paused for a check without a result: the check is run again first', () => {
  const run = twoWaves()
    .add({
      type: 'check.finished',
      host: 'one',
      wave: 'canary',
      check: 'shop',
      phase: 'after',
      result: 'error',
      severity: 'fail',
      attempts: 1,
      durationMs: 1,
      said: 'no route',
    })
    .add({ type: 'wave.paused', wave: 'canary', cause: 'health', reason: 'health unknown' })
  expect(typed(ended('paused', 4, run), flagsOf({ plan: 'm.json' }), forward, null)).toEqual([
    'fleet check --on one',
    'fleet apply m.json',
  ])
})
