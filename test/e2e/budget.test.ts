import { expect, it } from 'vitest'
import { beyond, readBudget, spend } from './budget.ts'

it('no command asks for more logins, processes, flushes or events than its budget', async () => {
  const spent = await spend()
  const budget = readBudget()
  expect(Object.keys(budget)).toEqual(Object.keys(spent))
  expect(beyond(spent, budget)).toEqual([])
})

it('what is beyond a budget is told by command and count', () => {
  const most = { logins: 9, ssh: 25, nix: 10, fsyncs: 20, events: 80 }
  expect(beyond({ apply: { ...most, logins: 12 }, plan: most }, { apply: most })).toEqual([
    'apply: 12 logins, at most 9',
    'plan: it has no budget',
  ])
})
