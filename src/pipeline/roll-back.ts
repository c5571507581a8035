import type { ChangedHost } from '../model/plan-schema.ts'
import type { Observation } from '../model/system.ts'
import { check } from './check-host.ts'
import { begin, fail, type HostPorts, type HostTask } from './host-task.ts'
import { observeSettled } from './observe-settled.ts'
import { engineOf, engineTask } from './prepare.ts'

/** Why a host is taken back. */
export interface Cause {
  readonly step: 'activate' | 'check'
  readonly code: string
  readonly reason: string
}

/**
 * Takes a host back to the path it ran before, by path and never "one generation back", and asks it afterwards.
 * Once for each host and run; a rollback that did not work is a failure whose code begins `roll-back/`.
 */
export async function rollBack(
  task: HostTask,
  planned: ChangedHost,
  before: Observation,
  cause: Cause,
  ports: HostPorts,
  signal: AbortSignal,
): Promise<void> {
  const { name, wave, emit } = task
  begin(task, 'roll-back', `${name}: ${cause.reason}; rolling back to ${before.system}`)
  const began = ports.clock.now()
  const answer = await engineOf(task, ports).rollBack(engineTask(task, planned, before, 'roll-back'), signal)
  const said = answer.how === 'done' ? '' : ` (${answer.failure.summary}: ${answer.failure.detail})`
  const found = await observeSettled(task, answer, began, ports, signal)
  if (!found.ok)
    return emit({
      type: 'host.unknown',
      host: name,
      wave: wave.name,
      step: 'roll-back',
      code: found.failure.code,
      reason: `${cause.reason}; after the rollback${said} it does not answer: ${found.failure.detail}`,
      lastKnown: null,
      message: `${name}: state UNKNOWN after its rollback${said}: ${found.failure.detail}`,
    })
  const now = found.value
  // Without a profile before, the engine may have set the system itself.
  const isBack = now.profile === before.profile || (before.profile === null && now.profile === before.system)
  if (now.system !== before.system || !isBack)
    return fail(
      task,
      'roll-back',
      'roll-back/failed',
      `${cause.reason}; COULD NOT BE ROLLED BACK${said}: it runs ${now.system}, next boot ${now.nextBoot ?? 'unknown'}`,
      true,
      now,
    )
  const health = await check(task, before.failedUnits, 'rollback', ports, signal)
  if (health.health === 'unhealthy')
    return fail(
      task,
      'roll-back',
      'roll-back/unhealthy',
      `${cause.reason}; rolled back to ${now.system} (verified), and check ${health.check} fails there too: ${health.message}`,
      true,
      now,
    )
  const reason =
    health.health === 'healthy' ? cause.reason : `${cause.reason} (check ${health.check} could not measure afterwards)`
  emit({
    type: 'host.rolled-back',
    host: name,
    wave: wave.name,
    step: cause.step,
    code: cause.code,
    reason,
    system: now.system,
    profile: now.profile,
    message: `${name} rolled back: ${reason}; now running ${now.system} again (verified)`,
  })
}
