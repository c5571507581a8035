import { formatDuration } from '../../model/fleet/duration.ts'
import type { HostSettings } from '../../model/plan/plan-schema.ts'
import type { Found, Observation } from '../../model/host/system.ts'
import type { EngineAnswer } from '../../ports/engine.ts'
import type { HostPorts, HostTask } from './task.ts'
import { observe } from '../observe/observe.ts'

/** Milliseconds between two questions to a host that does not answer or is still activating. */
const pause = 2_000
/** Milliseconds that a host may stay silent beyond its own time-outs. */
const margin = 15_000

/**
 * Asks a host what it runs after an engine was at work on it since `began` (ms since the epoch): until it answers and no
 * activation runs on it, or its time is over. An engine that did not see the end may have left an activation behind, and
 * a connection that went may have gone before it began: then the host must be at rest twice in a row.
 */
export async function observeSettled(
  { name, planned: { settings } }: Pick<HostTask, 'name' | 'planned'>,
  answer: EngineAnswer,
  began: number,
  ports: Pick<HostPorts, 'clock' | 'remote'>,
  signal: AbortSignal,
): Promise<Found<Observation>> {
  const isOpen = answer.how === 'failed' || answer.how === 'lost'
  const { timeoutMs, confirmTimeoutMs } = settings.activation
  const silent = Math.max(ports.clock.now(), answer.how === 'lost' ? began + timeoutMs + confirmTimeoutMs : 0) + margin
  const busy = Math.max(silent, isOpen ? began + longest(settings) : 0)
  const wanted = answer.how === 'lost' ? 2 : 1
  for (let rested = 0; ;) {
    const found = await observe({ name, settings, withRoot: false }, ports.remote, signal)
    const isSettled = found.ok ? !found.value.activating : found.failure.code === 'ssh/refused-login'
    rested = isSettled ? rested + 1 : 0
    const isLate = ports.clock.now() >= (found.ok && found.value.activating ? busy : silent)
    if (rested >= wanted || (isSettled && !found.ok) || signal.aborted || isLate)
      return found.ok && found.value.activating ? stillActivating : found
    await ports.clock.sleep(pause, signal)
  }
}

/** Milliseconds that an activation and the way back from it may take on a host, with a confirmation in between. */
function longest({ activation: { timeoutMs, confirmTimeoutMs } }: HostSettings): number {
  return 2 * timeoutMs + confirmTimeoutMs
}

const stillActivating: Found<Observation> = {
  ok: false,
  failure: {
    code: 'verify/activating',
    summary: 'an activation is still running on the host',
    detail: 'It did not end in time.',
  },
}

/**
 * Asks a host until nobody activates anything on it: an activation outlives its connection, so that a host may be busy
 * though nobody holds its lock. It waits as long as an activation may take, then refuses.
 */
export async function observeIdle(
  { name, wave, emit, planned: { settings } }: HostTask,
  ask: () => Promise<Found<Observation>>,
  { clock }: Pick<HostPorts, 'clock'>,
  signal: AbortSignal,
): Promise<Found<Observation>> {
  const began = clock.now()
  const patience = longest(settings) + margin
  for (let isTold = false; ; isTold = true) {
    const found = await ask()
    if (!found.ok || !found.value.activating || signal.aborted) return found
    const reason = 'an activation is already running on the host'
    if (clock.now() - began >= patience) {
      const detail = `It did not end within ${formatDuration(patience)}. Look at the host: systemctl status, fleet status.`
      return { ok: false, failure: { code: 'preflight/activating', summary: reason, detail } }
    }
    if (!isTold) emit({ type: 'host.waiting', host: name, wave: wave.name, reason })
    await clock.sleep(pause, signal)
  }
}
