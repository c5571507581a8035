import { expect, it } from 'vitest'
import { activationAnswer } from '../../../src/adapters/engines/activation-answer.ts'
import type { EngineTask } from '../../../src/ports/engine.ts'
import { sampleSettings } from '../../rig/samples/plan.ts'

const task = { settings: sampleSettings('web') } as EngineTask

const broken = ['activating the configuration...', 'Failed to run activate script']
const back = ['fleet: going back to /nix/store/x', 'activating the configuration...']

it('the reason is what went wrong first, not what the way back says', () => {
  expect(activationAnswer(2, [...broken, ...back, 'warning: cannot reload x'], task)).toMatchObject({
    how: 'failed',
    failure: { code: 'activate/failed', detail: 'Failed to run activate script' },
  })
})

it('a way back that failed as well is told, and is another failure', () => {
  expect(activationAnswer(2, [...broken, ...back, 'Failed to run it again', 'fleet: going back failed'], task)).toEqual(
    {
      how: 'failed',
      failure: {
        code: 'activate/not-back',
        summary: 'activation failed (exit 2), and its automatic rollback failed too',
        detail: 'Failed to run activate script; then: Failed to run it again',
      },
    },
  )
})

it('one that nobody confirmed, and that could not go back, says why it could not', () => {
  const lines = ['fleet: no new connection confirmed the activation within 3 s', ...back, 'Failed to run it']
  expect(activationAnswer(81, [...lines, 'fleet: going back failed'], task)).toMatchObject({
    how: 'failed',
    failure: { code: 'activate/not-back' },
  })
})
