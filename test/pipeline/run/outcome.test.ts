import { describe, expect, test } from 'vitest'
import { conclude } from '../../../src/pipeline/run/outcome.ts'
import { SampleRun } from '../../rig/samples/run.ts'

const place = (host: string) => ({ host, wave: 'all' })

/** What may happen to a host, by name. */
const outcomes = {
  changed: (run, host) => run.succeed('all', host),
  converged: (run, host) => run.add({ type: 'host.skipped', ...place(host), cause: 'converged', reason: 'there' }),
  unreachable: (run, host) => run.add({ type: 'host.skipped', ...place(host), cause: 'unreachable', reason: 'off' }),
  stale: (run, host) =>
    run.add({ type: 'host.stale', ...place(host), expected: '/a', observed: '/b', reason: 'moved' }),
  untouched: (run, host) =>
    run.add({ type: 'host.failed', ...place(host), ...nowhere, code: 'copy/failed', touched: false }),
  locked: (run, host) =>
    run.add({ type: 'host.failed', ...place(host), ...nowhere, code: 'lock/held', touched: false }),
  hooked: (run, host) =>
    run.add({ type: 'host.failed', ...place(host), ...nowhere, code: 'hook/refused', touched: false }),
  broken: (run, host) =>
    run.add({ type: 'host.failed', ...place(host), ...nowhere, code: 'activate/failed', touched: true }),
  back: (run, host) => run.rollBack('all', host, 'no reply'),
  unknown: (run, host) => run.add({ type: 'host.unknown', ...place(host), ...silent, code: 'ssh/no-answer' }),
  unmeasured: (run, host) => run.add({ type: 'host.unknown', ...place(host), ...silent, code: 'check/no-result' }),
  cancelled: (run, host) => run.cancel('all', [host], 'halted'),
} satisfies Record<string, (run: SampleRun, host: string) => SampleRun>

const nowhere = { step: 'copy', reason: 'no', system: null, profile: null }
const silent = { step: 'verify', reason: 'silent', lastKnown: null }

type HostOutcome = keyof typeof outcomes

function runOf(...endings: readonly HostOutcome[]): SampleRun {
  const hosts = endings.map((outcome, index) => `${outcome}-${index}`)
  const run = new SampleRun({ all: hosts }).openWave('all', hosts)
  for (const [index, outcome] of endings.entries()) outcomes[outcome](run, hosts[index] ?? '')
  return run
}

function verdict(run: SampleRun): readonly [string, number] {
  const { outcome, exitCode } = conclude(run.state)
  return [outcome, exitCode]
}

describe('endings decide how a run ended', () => {
  test.each<[readonly HostOutcome[], string, number]>([
    [['changed'], 'complete', 0],
    [['changed', 'converged'], 'complete', 0],
    [['converged', 'converged'], 'no-changes', 0],
    [['converged', 'unreachable'], 'complete', 0],
    [['changed', 'back'], 'failed', 3],
    [['back'], 'failed', 3],
    [['broken'], 'failed', 3],
    [['unknown'], 'failed', 3],
    [['changed', 'untouched'], 'failed', 3],
    [['untouched', 'cancelled'], 'failed', 1],
    [['stale', 'stale'], 'refused', 5],
    [['stale', 'changed'], 'failed', 3],
    [['stale', 'untouched'], 'refused', 5],
    [['locked', 'locked'], 'refused', 6],
    [['locked', 'untouched'], 'refused', 6],
    [['locked', 'stale'], 'refused', 5],
    [['locked', 'changed'], 'failed', 3],
    [['hooked', 'cancelled'], 'refused', 5],
    [['unmeasured', 'untouched'], 'failed', 3],
    [['stale', 'converged'], 'refused', 5],
    [['unmeasured', 'cancelled'], 'paused', 4],
    [['unmeasured', 'back'], 'failed', 3],
    [['unmeasured', 'changed'], 'paused', 4],
  ])('%j: %s, exit %i', (endings, outcome, exitCode) => {
    expect(verdict(runOf(...endings))).toEqual([outcome, exitCode])
  })
})

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 130],
])('%s wins over every ending: exit %i', (signal, exitCode) => {
  const run = runOf('changed', 'broken').add({ type: 'run.interrupted', signal, inFlight: [] })
  expect(verdict(run)).toEqual(['interrupted', exitCode])
})

test.each<[readonly HostOutcome[], number]>([
  [['cancelled'], 1],
  [['changed', 'cancelled'], 3],
])('a journal that was lost with %j exits %i', (endings, exitCode) => {
  const run = runOf(...endings).add({
    type: 'run.interrupted',
    signal: 'a lost journal',
    inFlight: [],
  })
  expect(verdict(run)).toEqual(['failed', exitCode])
})

test('a paused wave pauses the run, and a failure before it says more', () => {
  const paused = (run: SampleRun) =>
    run.add({ type: 'wave.paused', wave: 'all', cause: 'approval', reason: 'promotion: manual' })
  expect(verdict(paused(runOf('cancelled')))).toEqual(['paused', 4])
  expect(verdict(paused(runOf('broken')))).toEqual(['failed', 3])
})

test('the hosts that may run something else are named, a host that was rolled back is not', () => {
  const { changedHosts, counts } = conclude(
    runOf('changed', 'back', 'broken', 'unknown', 'untouched', 'converged', 'unreachable', 'cancelled').state,
  )
  expect(changedHosts).toEqual(['changed-0', 'broken-2', 'unknown-3'])
  const failed = { failed: 4, rolledBack: 1, unknown: 1 }
  expect(counts).toEqual({ changed: 1, reverted: 0, unchanged: 1, ...failed, skipped: 1, notStarted: 1 })
})

test('that nothing was changed is said once', () => {
  expect(conclude(runOf('locked').state).reason).toBe('locked-0: failed: no (nothing was changed on the host)')
  const stopped = { type: 'run.stopped', code: 'lock/held', reason: 'the fleet lock is held' } as const
  expect(conclude(runOf('cancelled').add(stopped).state).reason).toBe('the fleet lock is held; nothing was changed')
})

test('a pause says what is missing: approval, or what kept the wave from starting', () => {
  const reason = (cause: 'approval' | 'gate-hook', why: string) =>
    conclude(new SampleRun({ rest: ['web'] }).add({ type: 'wave.paused', wave: 'rest', cause, reason: why }).state)
      .reason
  expect(reason('approval', 'promotion: manual')).toBe('wave rest waits for approval (promotion: manual).')
  expect(reason('gate-hook', 'refused by a hook: ./drain: no')).toBe(
    'wave rest did not start: refused by a hook: ./drain: no.',
  )
})
