import { expect, it } from 'vitest'
import { OutputBudget } from '../../../src/pipeline/run/output-budget.ts'

it.each([
  ['lines', 'x', 20_000],
  ['characters', 'x'.repeat(4096), 1024],
])('a host that prints too many %s has no more of them kept, and others do', (_, line, kept) => {
  const budget = new OutputBudget()
  const verdicts = Array.from({ length: kept + 3 }, () => budget.take('loud', line))
  expect(verdicts.slice(0, kept).every((verdict) => verdict === 'keep')).toBe(true)
  expect(verdicts.slice(kept)).toEqual(['last', 'drop', 'drop'])
  expect(budget.take('quiet', line)).toBe('keep')
})
