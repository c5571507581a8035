import { expect, it } from 'vitest'
import { activationAnswer } from '../../../src/adapters/engines/activation-answer.ts'
import { formatDuration } from '../../../src/model/fleet/duration.ts'
import type { EngineTask } from '../../../src/ports/engine.ts'
import { sampleSettings } from '../../rig/samples/plan.ts'

const task = { settings: sampleSettings('web') } as EngineTask

const broken = ['activating the configuration...', 'Failed to run activate script']
const back = ['fleet: rolling back to /nix/store/x', 'activating the configuration...']

it('the reason is what went wrong first, not what the rollback says', () => {
  expect(activationAnswer(2, [...broken, ...back, 'warning: cannot reload x'], task)).toMatchObject({
    how: 'failed',
    failure: { code: 'activate/failed', detail: 'Failed to run activate script' },
  })
})

it('a rollback that failed as well is told, and is another failure', () => {
  expect(
    activationAnswer(2, [...broken, ...back, 'Failed to run it again', 'fleet: rollback failed: exit 2'], task),
  ).toEqual({
    how: 'failed',
    failure: {
      code: 'activate/rollback-failed',
      summary: 'activation failed (exit 2), and the automatic rollback failed (exit 2)',
      detail: 'Failed to run activate script; then: Failed to run it again',
    },
  })
})

it('one that nobody confirmed, and that could not go back, says why it could not', () => {
  const lines = ['fleet: no new connection confirmed the activation within 3 s', ...back, 'Failed to run it']
  expect(activationAnswer(81, [...lines, 'fleet: rollback failed: exit 2'], task)).toMatchObject({
    how: 'failed',
    failure: { code: 'activate/rollback-failed', detail: 'Failed to run it' },
  })
})

it('a boot loader that could not be installed has activated nothing, though it could not be installed again either', () => {
  const full = ['OSError: [Errno 28] No space left on device: /boot/EFI/x', 'Failed to install bootloader']
  const lines = ['updating the boot menu', ...full, back[0] ?? '', ...full, 'fleet: going back failed: exit 1']
  const failure = {
    code: 'activate/bootloader',
    summary: 'the boot loader could not be installed',
    detail: `${full[0]}; ${full[1]}; nothing was activated`,
  }
  expect(activationAnswer(1, lines, task)).toEqual({ how: 'failed', failure })
  expect(activationAnswer(1, full, task)).toEqual({ how: 'failed', failure })
})

it('a disk that is full is named before what failed for it', () => {
  const full = ['OSError: [Errno 28] No space left on device: /boot/EFI/x', 'Failed to install bootloader']
  const lines = ['updating the boot menu', ...full, ...back, ...full, 'fleet: rollback failed: exit 1']
  const detail = `${full[0]}; ${full[1]}`
  expect(activationAnswer(1, lines, task)).toMatchObject({
    failure: { code: 'activate/rollback-failed', detail: `${detail}; then: ${detail}` },
  })
})

it('where both ways took too long, the key that governs it is named, and no reason is empty', () => {
  const { timeoutMs } = task.settings.activation
  const lines = [...back.slice(0, 1), 'fleet: rollback failed: exit 124']
  const late = `it took longer than ${formatDuration(timeoutMs)} (activation.timeout)`
  expect(activationAnswer(124, lines, task)).toMatchObject({ failure: { detail: `${late}; then: ${late}` } })
  expect(activationAnswer(2, [...broken, ...lines.slice(0, 1), 'fleet: rollback failed: exit 1'], task)).toMatchObject({
    failure: { detail: 'Failed to run activate script; then: it printed no reason' },
  })
})

it('a switch that ends with 4 and names no unit says what it did say, and never nothing', () => {
  const detail = (lines: readonly string[]) => {
    const answer = activationAnswer(4, lines, task)
    return 'failure' in answer ? answer.failure.detail : ''
  }
  expect(detail(['Job for a.service failed because a timeout was exceeded.'])).toContain('Job for a.service failed')
  expect(detail([])).toBe('switch-to-configuration exited with 4 and named no unit: see the log of the host.')
})

it('a user whose units failed is told apart from a system whose units did', () => {
  const user = ['reloading user units for sma...', 'Failed to activate the user units of sma']
  expect(activationAnswer(4, [...user, ...back], task)).toEqual({
    how: 'failed',
    failure: {
      code: 'activate/user-units-failed',
      summary: 'the units of a user failed during activation',
      detail: 'Failed to activate the user units of sma',
    },
  })
  expect(activationAnswer(4, [...user, 'warning: the following units failed: a.service'], task)).toMatchObject({
    failure: { code: 'activate/units-failed' },
  })
})
