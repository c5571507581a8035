import { tellFailure } from '../../../model/failure.ts'
import type { ChangedHost } from '../../../model/plan/plan-schema.ts'
import type { Found, Observation } from '../../../model/host/system.ts'
import { isRebootOnly } from '../../../model/host/converged.ts'
import { fail } from '../end.ts'
import { begin, finish } from '../task.ts'
import { reboot } from './reboot.ts'
import type { Journey } from '../journey.ts'

/**
 * Reboots a host that was activated, where its settings allow that and the change asks for it. Returns what it runs, null
 * when it has its ending: one that does not come back, or boots something else, is left to a person.
 */
export async function rebootWhenNeeded(journey: Journey, now: Observation): Promise<Observation | null> {
  const { task, planned } = journey
  if (!isRebootOnly(planned) && (planned.settings.reboot !== 'when-needed' || !needsReboot(planned))) return now
  // One host at a time, whatever the wave allows beside it.
  return task.alone(async () => {
    const failed = task.failedReboot()
    if (failed === null) return rebooted(journey, now)
    return isRebootOnly(planned) ? notTried(journey, failed) : heldBack(journey, now, failed)
  })
}

/** Leaves it as it is, with its reboot pending. */
function heldBack({ task, planned }: Journey, now: Observation, failed: string): Observation {
  task.emit({
    type: 'diagnostic',
    code: 'reboot/held-back',
    severity: 'warning',
    summary: `not rebooted, because ${failed} failed its reboot`,
    detail: `Its system profile is the planned system, ${planned.to.system}, so its next boot is of that. Look at ${failed} before you reboot it.`,
    host: task.name,
  })
  return now
}

/** Ends a host that was only to be rebooted, as it is. */
function notTried({ task }: Journey, failed: string): null {
  const reason = `not rebooted, because ${failed} failed its reboot`
  task.emit({ type: 'host.cancelled', host: task.name, wave: task.wave.name, reason })
  return null
}

async function rebooted(journey: Journey, now: Observation): Promise<Observation | null> {
  const { task, planned, lock, ports, signal } = journey
  const { name } = task
  let found: Found<Observation> | null = null
  begin(task, 'reboot', { path: planned.to.system })
  task.record()
  const locked = await lock.afterReboot(async () => {
    const request = { name, settings: planned.settings, to: planned.to, bootId: now.bootId }
    found = await reboot(request, ports, signal)
    return found.ok
  }, signal)
  const back = found as Found<Observation> | null
  if (back === null) throw new Error(`bug: ${name} was not rebooted`)
  const failure = back.ok ? (locked.ok ? null : locked.failure) : back.failure
  if (!back.ok || failure !== null) {
    const reason = failure === null ? '' : tellFailure(failure)
    fail(task, {
      step: 'reboot',
      code: failure?.code ?? 'reboot/failed',
      reason: `${reason}; its system profile is the planned system`,
      touched: true,
      now: null,
    })
    return null
  }
  finish(task, 'reboot')
  return back.value
}

/** With `mode: boot` a reboot is what activates; otherwise what boots decides: kernel, initrd, parameters. */
function needsReboot({ settings, diff }: ChangedHost): boolean {
  return settings.mode === 'boot' || (settings.mode === 'switch' && diff.reboot.needed === true)
}
