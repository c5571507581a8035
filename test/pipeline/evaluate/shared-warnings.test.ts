import { expect, test } from 'vitest'
import type { Evaluation, Found } from '../../../src/model/host/system.ts'
import { sharedWarnings } from '../../../src/pipeline/evaluate/shared-warnings.ts'
import { failedEvaluation as failed, sampleEvaluation as evaluation } from '../../rig/samples/evaluation.ts'

test('a warning of all hosts is said once, the others by their hosts', () => {
  const evaluations = new Map<string, Found<Evaluation>>([
    ['a', { ok: true, value: evaluation('a', ['everywhere', 'only a']) }],
    ['b', { ok: true, value: evaluation('b', ['everywhere', 'everywhere']) }],
    ['c', failed('evaluate/failed')],
  ])
  expect(sharedWarnings(evaluations)).toEqual({
    notes: [
      {
        code: 'plan/evaluation-warning',
        severity: 'warning',
        summary: 'everywhere',
        detail: 'All 2 hosts that were evaluated warn of it.',
      },
    ],
    own: new Map([
      ['a', ['only a']],
      ['b', []],
    ]),
  })
})

test('the warning of a single host stays with it', () => {
  const { notes, own } = sharedWarnings(new Map([['a', { ok: true, value: evaluation('a', ['old']) }]]))
  expect({ notes, own: [...own] }).toEqual({ notes: [], own: [['a', ['old']]] })
})
