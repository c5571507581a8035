import type { CheckFinished } from '../model/event-schema.ts'
import type { HostPorts, HostTask } from './host-task.ts'
import { type Health, verify } from './verify.ts'

/** Runs a host's checks and tells each change of their state. Units in `failedBefore` condemn nothing. */
export async function check(
  task: HostTask,
  failedBefore: readonly string[],
  phase: CheckFinished['phase'],
  ports: HostPorts,
  signal: AbortSignal,
): Promise<Health> {
  const { name, wave, planned, emit } = task
  const checks = Object.fromEntries(
    Object.entries(task.checks).filter(([, { when }]) => when.includes(phase === 'before' ? 'before' : 'after')),
  )
  return verify(
    {
      subject: { name, settings: planned.settings, failedBefore },
      checks,
      onReport: ({ check: checkName, result, severity, attempts, durationMs, message }) =>
        emit({
          type: 'check.finished',
          host: name,
          wave: wave.name,
          check: checkName,
          phase,
          result,
          severity,
          attempts,
          durationMs,
          message: `${name}: check ${checkName} ${told[result]}: ${message}`,
        }),
    },
    ports,
    signal,
  )
}

const told = { pass: 'passed', fail: 'failed', error: 'could not measure' } as const
