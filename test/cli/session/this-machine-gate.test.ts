import { hostname } from 'node:os'
import { expect, it } from 'vitest'
import { thisMachineRefusal } from '../../../src/cli/session/this-machine-gate.ts'
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

it('asks before the machine that fleet runs on is changed', async () => {
  const ask = operator(true)
  expect(await thisMachineRefusal(body, all, flags, ask, never)).toBeNull()
  expect(ask.questions[0]).toContain(`${here} is the machine that fleet runs on`)
  expect(await thisMachineRefusal(body, all, flags, operator(false), never)).toMatchObject({ host: here })
})

it('names what answers the question where nobody can be asked', async () => {
  const refusal = await thisMachineRefusal(body, all, flags, operator(null), never)
  expect(refusal).toMatchObject({ code: 'apply/this-machine' })
  expect(refusal?.detail).toContain('--auto-approve')
  expect(await thisMachineRefusal(body, all, { ...flags, autoApprove: true }, operator(null), never)).toBeNull()
})

it('asks nothing where that machine is not changed', async () => {
  const ask = operator(false)
  const idle = samplePlan({ [here]: unchanged(here) }).body
  expect(await thisMachineRefusal(idle, all, flags, ask, never)).toBeNull()
  expect(await thisMachineRefusal(body, new Set(['other']), flags, ask, never)).toBeNull()
  expect(ask.questions).toEqual([])
})
