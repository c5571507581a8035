import { failed } from '../../model/failure.ts'
import { formatDuration } from '../../model/fleet/duration.ts'
import type { HostSettings } from '../../model/plan/plan-schema.ts'
import type { Found, Observation } from '../../model/host/system.ts'
import type { EngineAnswer } from '../../ports/engine.ts'
import type { HostWork } from './task.ts'
import { connections, isRetriable } from './lock.ts'
import { observe } from '../observe/observe.ts'

/** Milliseconds between two questions to a host that does not answer or is still activating. */
const pause = 2_000
/** Milliseconds that a host may stay silent beyond its own time-outs. */
const margin = 15_000

/**
 * Asks a host what it runs, and whether the login may act as root there, through the connection that holds its lock where there
 * is one; only a connection that fails is tried again, by a new one.
 */
export async function observePatiently({ task, ports, signal }: HostWork): Promise<Found<Observation>> {
  const { name, planned } = task
  const { remote, clock } = ports
  for (let attempt = 1; ; attempt += 1) {
    const through = attempt === 1 ? ({ connection: 'shared' } as const) : {}
    const found = await observe({ name, settings: planned.settings, withRoot: true, ...through }, remote, signal)
    if (found.ok || !isRetriable(found.failure) || attempt === connections || signal.aborted) return found
    await clock.sleep(attempt * 1000, signal)
  }
}

/**
 * Asks a host what it runs after an engine was at work on it since `began` (ms since the epoch): until it answers and no
 * activation runs on it, or its time is over. An engine that did not see the end may have left an activation behind, and
 * a connection that went may have gone before it began: then the host must be at rest twice in a row. A host to which a
 * new connection was just made, to confirm it, is asked through the one that holds its lock; any other over a new one.
 */
export async function observeAtRest(
  { task, ports, signal }: HostWork,
  answer: EngineAnswer,
  began: number,
): Promise<Found<Observation>> {
  const { name, planned } = task
  const { settings } = planned
  const isOpen = answer.how === 'failed' || answer.how === 'lost'
  const { timeoutMs, confirmTimeoutMs } = settings.activation
  const silent = Math.max(ports.clock.now(), answer.how === 'lost' ? began + timeoutMs + confirmTimeoutMs : 0) + margin
  const busy = Math.max(silent, isOpen ? began + longest(settings) : 0)
  const wanted = answer.how === 'lost' ? 2 : 1
  let isProven = answer.how === 'done' && answer.confirmed === true
  for (let rested = 0; ;) {
    const through = isProven ? ({ connection: 'shared' } as const) : {}
    const found = await observe({ name, settings, withRoot: false, ...through }, ports.remote, signal)
    isProven = false
    const isAtRest = found.ok ? !found.value.activating : found.failure.code === 'ssh/refused-login'
    rested = isAtRest ? rested + 1 : 0
    const isLate = ports.clock.now() >= (found.ok && found.value.activating ? busy : silent)
    if (rested >= wanted || (isAtRest && !found.ok) || signal.aborted || isLate)
      return found.ok && found.value.activating ? stillActivating : found
    await ports.clock.sleep(pause, signal)
  }
}

/** Milliseconds that an activation and its rollback may take on a host, with a confirmation in between. */
function longest({ activation: { timeoutMs, confirmTimeoutMs } }: HostSettings): number {
  return 2 * timeoutMs + confirmTimeoutMs
}

const stillActivating = failed(
  'verify/activating',
  'an activation is still running on the host',
  'It did not end in time.',
)

/**
 * Asks a host until nobody activates anything on it: an activation outlives its connection, so that a host may be busy
 * though nobody holds its lock. It waits as long as an activation may take, then refuses.
 */
export async function observeIdle(work: HostWork): Promise<Found<Observation>> {
  const { task, ports, signal } = work
  const { name, wave, emit } = task
  const { clock } = ports
  const began = clock.now()
  const patience = longest(task.planned.settings) + margin
  for (let isTold = false; ; isTold = true) {
    const found = await observePatiently(work)
    if (!found.ok || !found.value.activating || signal.aborted) return found
    const reason = 'an activation is already running on the host'
    if (clock.now() - began >= patience) {
      const detail = `It did not end within ${formatDuration(patience)}. Look at the host: systemctl status, fleet status.`
      return failed('preflight/activating', reason, detail)
    }
    if (!isTold) emit({ type: 'host.waiting', host: name, wave: wave.name, reason })
    await clock.sleep(pause, signal)
  }
}
