import { expect, test } from 'vitest'
import { selectRun } from '../../../../src/pipeline/run/start/select-run.ts'
import {
  changed,
  excluded,
  samplePlan,
  sampleWave,
  unchanged,
  unevaluated,
  unreachable,
} from '../../../rig/samples/plan.ts'

const waves = [sampleWave('canary', ['one']), sampleWave('rest', ['two', 'three', 'four', 'five'])]
const { body } = samplePlan(
  {
    one: changed('one'),
    two: unchanged('two'),
    three: unreachable('three'),
    four: excluded('four', 'not selected'),
    five: unevaluated('five'),
  },
  waves,
)

test('a run is the waves in order, each with its wanted hosts in the order of the plan', () => {
  expect(selectRun(body, new Set(['three', 'two', 'one']))).toEqual({
    ok: true,
    value: [
      { name: 'canary', hosts: ['one'] },
      { name: 'rest', hosts: ['two', 'three'] },
    ],
    diagnostics: [],
  })
})

test('a wave of which nothing is wanted is no part of the run', () => {
  expect(selectRun(body, new Set(['two']))).toMatchObject({ value: [{ name: 'rest', hosts: ['two'] }] })
})

test.each([[['four']], [[]], [['nobody']]])('%j selects nothing that the plan holds', (wanted) => {
  const outcome = selectRun(body, new Set(wanted))
  expect([outcome.ok, outcome.diagnostics.map(({ code }) => code)]).toEqual([false, ['apply/nothing-selected']])
})

test('a host that does not evaluate is refused, and how to leave it out is told', () => {
  const outcome = selectRun(body, new Set(['one', 'five']))
  expect(outcome.ok).toBe(false)
  expect(outcome.diagnostics).toMatchObject([
    { code: 'apply/evaluation-failed', host: 'five', detail: expect.stringContaining("--on '!five'") as string },
  ])
})
