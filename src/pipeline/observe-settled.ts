import type { HostSettings } from '../model/plan-schema.ts'
import type { Found, Observation } from '../model/system.ts'
import type { EngineAnswer } from '../ports/engine.ts'
import type { HostPorts, HostTask } from './host-task.ts'
import { observe } from './observe.ts'

/** Milliseconds between two questions to a host that does not answer or is still activating. */
const pause = 2_000
/** Milliseconds that a host may stay silent beyond its own time-outs. */
const margin = 15_000

/**
 * Asks a host what it runs after an engine was at work on it since `began` (ms since the epoch): until it answers and no
 * activation runs on it, or its time is over. After a lost connection that is the time an activation may take.
 */
export async function observeSettled(
  { name, planned: { settings } }: Pick<HostTask, 'name' | 'planned'>,
  answer: EngineAnswer,
  began: number,
  ports: HostPorts,
  signal: AbortSignal,
): Promise<Found<Observation>> {
  const until = Math.max(ports.clock.now(), answer.how === 'lost' ? began + longest(settings) : 0) + margin
  for (;;) {
    const found = await observe({ name, settings, withRoot: false }, ports.remote, signal)
    const isSettled = found.ok ? !found.value.activating : found.failure.code === 'ssh/refused-login'
    if (isSettled || signal.aborted || ports.clock.now() >= until)
      return found.ok && found.value.activating ? stillActivating : found
    await ports.clock.sleep(pause, signal)
  }
}

function longest({ activation: { timeoutMs, confirmTimeoutMs } }: HostSettings): number {
  return timeoutMs + confirmTimeoutMs
}

const stillActivating: Found<Observation> = {
  ok: false,
  failure: {
    code: 'verify/activating',
    summary: 'an activation is still running on it',
    detail: 'It did not end in time.',
  },
}
