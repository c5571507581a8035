import type { Fact } from '../../model/run/event.ts'
import type { CheckFinished } from '../../model/run/event-schema.ts'
import type { Check, Wave } from '../../model/plan/plan-schema.ts'
import type { CheckPorts } from './attempt.ts'
import { type Health, verify, type VerifyRequest } from './verify.ts'
import { type Watch, watchHealth } from './watch.ts'

/** A wave whose own checks are asked: from the operator's machine, about no host. */
export interface WaveTask {
  readonly wave: Wave
  readonly run: string
  /** All checks of the plan; those that the wave names are asked. */
  readonly checks: Readonly<Record<string, Check>>
  readonly emit: (fact: Fact) => void
}

/** Asks a wave's gate checks until their results are steady; `after` its hosts were changed, or `before` any of them is. */
export async function checkWave(
  task: WaveTask,
  phase: 'before' | 'after',
  ports: CheckPorts,
  signal: AbortSignal,
): Promise<Health> {
  return verify(requestFor(task, phase), ports, signal)
}

/** Keeps asking a wave's gate checks while it bakes. */
export async function watchWave(task: WaveTask, ports: CheckPorts, watch: Watch): Promise<Health> {
  return watchHealth(requestFor(task, 'bake'), ports, watch)
}

function requestFor({ wave, run, checks, emit }: WaveTask, phase: CheckFinished['phase']): VerifyRequest {
  return {
    subject: {
      name: wave.name,
      settings: null,
      failedBefore: [],
      wave: wave.name,
      run,
      phase,
      plan: { from: null, to: null },
    },
    checks: Object.fromEntries(
      Object.entries(checks).filter(
        ([name, { when }]) => wave.checks.includes(name) && when.includes(phase === 'before' ? 'before' : 'after'),
      ),
    ),
    onReport: ({ check, result, severity, attempts, durationMs, message }) =>
      emit({
        type: 'check.finished',
        host: null,
        wave: wave.name,
        check,
        phase,
        result,
        severity,
        attempts,
        durationMs,
        said: message,
      }),
  }
}
