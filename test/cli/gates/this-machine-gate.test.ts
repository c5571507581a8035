import { hostname } from 'node:os'
import { expect, it } from 'vitest'
import { thisMachineGate } from '../../../src/cli/gates/this-machine-gate.ts'
import type { Ask } from '../../../src/ports/ask.ts'
import { changed, samplePlan, unchanged } from '../../rig/samples/plan.ts'

const here = hostname()
const never = new AbortController().signal
const { body } = samplePlan({ [here]: changed(here), other: changed('other') })
const all = new Set([here, 'other'])
const flags = { autoApprove: false, json: false }

/** Stands for an operator who gives that answer. */
function operator(answer: boolean | null): Ask & { readonly questions: string[] } {
  const questions: string[] = []
  return {
    questions,
    possible: answer !== null,
    confirm: async (question) => {
      questions.push(question)
      return answer === true
    },
  }
}

/** What the gate says of a run of both hosts, unless said otherwise. */
function asked(more: Partial<Parameters<typeof thisMachineGate>[0]>) {
  return thisMachineGate({ plan: { body }, hosts: all, flags, ask: operator(null), signal: never, ...more })
}

it('asks before the machine that fleet runs on is changed', async () => {
  const ask = operator(true)
  expect(await asked({ ask })).toEqual([])
  expect(ask.questions[0]).toContain(`${here} is the machine that fleet runs on`)
  expect(await asked({ ask: operator(false) })).toMatchObject([{ host: here }])
})

it('names what answers the question where nobody can be asked', async () => {
  const [refusal] = await asked({})
  expect(refusal).toMatchObject({ code: 'apply/this-machine' })
  expect(refusal?.detail).toContain('--auto-approve')
  expect(await asked({ flags: { ...flags, autoApprove: true } })).toEqual([])
})

it('asks nothing where that machine is not changed', async () => {
  const ask = operator(false)
  const idle = samplePlan({ [here]: unchanged(here) }).body
  expect(await asked({ ask, plan: { body: idle } })).toEqual([])
  expect(await asked({ ask, hosts: new Set(['other']) })).toEqual([])
  expect(ask.questions).toEqual([])
})
