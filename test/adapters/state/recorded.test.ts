import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { fileRuns } from '../../../src/adapters/state/runs.ts'
import { changed, sampleObserved, samplePlan } from '../../rig/sample-plan.ts'

const state = mkdtempSync(join(tmpdir(), 'fleet-runs-'))
afterAll(() => rmSync(state, { recursive: true }))

test('what the journals say of a host is the systems that runs put there, and its machine when it was planned last', () => {
  const runs = fileRuns(state)
  expect(runs.recorded()).toEqual(new Map())
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
    code: 'x',
    reason: '',
    system: '/nix/store/old',
    profile: null,
  })
  later.close()
  const planned = changed('web')
  expect(runs.recorded()).toEqual(
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
        },
      ],
    ]),
  )
})

test('a run that a crash left half written says nothing and breaks nothing', () => {
  const broken = join(state, 'runs/20260103T000000Z-cccc')
  mkdirSync(broken)
  writeFileSync(join(broken, 'plan.json'), '{"body":')
  writeFileSync(join(broken, 'journal.jsonl'), '{"type":"host.started"')
  expect([...fileRuns(state).recorded().keys()]).toEqual(['web'])
  expect(fileRuns(state).unfinished('sha256:none', 'other')).toBeNull()
})
