import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { fileRuns } from '../../../src/adapters/state/runs.ts'
import { noOverrides } from '../../../src/model/run/overrides.ts'
import { changed, sampleObserved, samplePlan, storePath } from '../../rig/samples/plan.ts'

let state: string
beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), 'fleet-runs-'))
})
afterEach(() => rmSync(state, { recursive: true }))

test('what the journals say of a host is the systems that runs put there, and its machine when it was planned last', async () => {
  const runs = fileRuns(state)
  expect(await runs.recorded()).toEqual(new Map())
  const from = sampleObserved('web', { machine: 'first' })
  runs.begin('20260101T000000Z-aaaa', samplePlan({ web: changed('web', undefined, { from }) })).close()
  const later = runs.begin(
    '20260102T000000Z-bbbb',
    samplePlan({ web: changed('web', undefined, { from: { ...from, machine: 'second' } }) }),
  )
  const line = { v: 1, seq: 0, at: '2026-01-02T00:00:00.000Z', run: later.run, message: '' } as const
  later.append({
    ...line,
    type: 'host.started',
    host: 'web',
    wave: 'all',
    from: '/nix/store/old',
    to: '/nix/store/new',
  })
  later.append({
    ...line,
    type: 'host.rolled-back',
    host: 'web',
    wave: 'all',
    step: 'activate',
    code: 'activate/failed',
    reason: '',
    system: '/nix/store/old',
    profile: null,
  })
  later.close()
  const planned = changed('web')
  expect(await runs.recorded()).toEqual(
    new Map([
      [
        'web',
        {
          systems: new Set(['/nix/store/old', '/nix/store/new']),
          machine: 'second',
          hostKey: null,
          last: {
            run: later.run,
            at: '2026-01-02T00:00:00.000Z',
            ending: 'rolled-back',
            to: planned.to.system,
            mode: planned.settings.mode,
          },
          isBegun: true,
        },
      ],
    ]),
  )
})

test.each<[string, readonly Readonly<Record<string, unknown>>[], boolean]>([
  ['was cancelled', [{ type: 'host.cancelled' }], false],
  ['was built ahead for', [{ type: 'host.step', step: 'build', status: 'started' }], false],
  ['was passed over', [{ type: 'host.skipped', cause: 'unreachable' }], false],
  ['was there already', [{ type: 'host.skipped', cause: 'converged' }], true],
  ['was being changed', [{ type: 'host.started' }], true],
])('a host that %s by its last run', async (_, facts, isBegun) => {
  const begun = { v: 1, seq: 0, at: '2026-01-01T00:00:00.000Z', run: 'a', message: '', host: 'web' }
  for (const [run, lines] of [
    ['20260101T000000Z-aaaa', [{ type: 'host.started' }]],
    ['20260102T000000Z-bbbb', facts],
  ] as const) {
    mkdirSync(join(state, 'runs', run), { recursive: true })
    const journal = lines.map((line) => `${JSON.stringify({ ...begun, ...line })}\n`).join('')
    writeFileSync(join(state, 'runs', run, 'journal.jsonl'), journal)
  }
  expect((await fileRuns(state).recorded()).get('web')?.isBegun).toBe(isBegun)
})

test('a run that a crash left half written says nothing and breaks nothing', async () => {
  const whole = fileRuns(state).begin('20260101T000000Z-aaaa', samplePlan({ web: changed('web') }))
  whole.append({
    v: 1,
    seq: 0,
    at: '2026-01-01T00:00:00.000Z',
    run: whole.run,
    message: '',
    type: 'host.started',
    host: 'web',
    wave: 'all',
    from: '/nix/store/old',
    to: '/nix/store/new',
  })
  whole.close()
  const broken = join(state, 'runs/20260103T000000Z-cccc')
  mkdirSync(broken)
  writeFileSync(join(broken, 'plan.json'), '{"body":')
  writeFileSync(join(broken, 'journal.jsonl'), '{"type":"host.started"')
  expect([...(await fileRuns(state).recorded()).keys()]).toEqual(['web'])
  expect(await fileRuns(state).unfinished('sha256:none', 'other')).toBeNull()
})

test('a machine that did not say the name of the host tells nothing about the host', async () => {
  const runs = fileRuns(state)
  const from = sampleObserved('web', { machine: 'own', hostKey: 'SHA256:own' })
  const other = { ...from, hostname: 'db', machine: 'other', hostKey: 'SHA256:other' }
  runs.begin('20260101T000000Z-aaaa', samplePlan({ web: changed('web', undefined, { from }) })).close()
  runs.begin('20260102T000000Z-bbbb', samplePlan({ web: changed('web', undefined, { from: other }) })).close()
  expect((await runs.recorded()).get('web')).toMatchObject({ machine: 'own', hostKey: 'SHA256:own' })
})

test('what a run says is kept once it has ended, read instead of its journal, and read again where it is damaged', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'fleet-runs-'))
  try {
    const runs = fileRuns(directory)
    const journal = runs.begin('20260101T000000Z-aaaa', samplePlan({ web: changed('web') }))
    const line = { v: 1, seq: 0, at: '2026-01-02T00:00:00.000Z', run: journal.run, message: '' } as const
    const counts = {
      changed: 1,
      reverted: 0,
      unchanged: 0,
      failed: 0,
      rolledBack: 0,
      unknown: 0,
      skipped: 0,
      notStarted: 0,
    }
    journal.append({
      ...line,
      type: 'host.started',
      host: 'web',
      wave: 'all',
      from: storePath('a', 'x'),
      to: storePath('b', 'x'),
    })
    const kept = join(directory, 'runs', journal.run, 'told.json')
    await runs.recorded()
    expect(existsSync(kept)).toBe(false)
    journal.append({
      ...line,
      type: 'run.finished',
      outcome: 'complete',
      exitCode: 0,
      reason: '',
      changedHosts: ['web'],
      counts,
    })
    journal.close()
    const told = await runs.recorded()
    expect(told.get('web')?.systems).toEqual(new Set([storePath('a', 'x'), storePath('b', 'x')]))
    writeFileSync(join(directory, 'runs', journal.run, 'journal.jsonl'), '')
    expect(await runs.recorded()).toEqual(told)
    writeFileSync(kept, '{"version":1,"machines":[["web",7]]}')
    expect((await runs.recorded()).get('web')?.systems ?? null).toBeNull()
  } finally {
    rmSync(directory, { recursive: true })
  }
})

test('the mode that a run was given on the command line is the mode of its last run', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'fleet-runs-'))
  try {
    const runs = fileRuns(directory)
    const journal = runs.begin('20260101T000000Z-aaaa', samplePlan({ web: changed('web') }))
    const line = { v: 1, seq: 0, at: '2026-01-02T00:00:00.000Z', run: journal.run, message: '' } as const
    const known = { fleet: '0.1.0', name: 'lab', planId: 'sha256:0', startedBy: 'a@b', waves: [], resumes: null }
    journal.append({ ...line, type: 'run.started', ...known, overrides: { ...noOverrides, mode: 'boot' } })
    journal.append({
      ...line,
      type: 'host.started',
      host: 'web',
      wave: 'all',
      from: storePath('a', 'x'),
      to: storePath('b', 'x'),
    })
    journal.close()
    expect((await runs.recorded()).get('web')?.last?.mode).toBe('boot')
  } finally {
    rmSync(directory, { recursive: true })
  }
})
