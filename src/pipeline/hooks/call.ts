import { formatDuration } from '../../model/fleet/duration.ts'
import type { Hook, HostPlan } from '../../model/plan/plan-schema.ts'
import { cleanLine } from '../../model/text/text.ts'
import type { Clock } from '../../ports/clock.ts'
import type { HookAnswer, Hooks } from '../../ports/hook.ts'
import { hookEnvironment, hookFor, type HookSubject } from './context.ts'

/** What calling hooks takes. */
export interface HookPorts {
  readonly clock: Clock
  readonly hooks: Hooks
}

/** Milliseconds beyond its time-out in which the adapter may end a hook's program and say so. */
const grace = 3000

/** One call of one hook. */
export interface HookCall {
  readonly hook: Hook
  readonly subject: HookSubject
  readonly document: Readonly<Record<string, unknown>>
  /** Of the plan. */
  readonly hosts: Readonly<Record<string, HostPlan>>
}

/** Calls one hook with a document; it is left behind when it can neither answer nor be ended in time. */
export async function callHook(
  { hook, subject, document, hosts }: HookCall,
  { clock, hooks }: HookPorts,
  signal: AbortSignal,
): Promise<HookAnswer> {
  const filled = hookFor(hook, subject.host, hosts)
  if (!filled.ok) {
    const message = `{{${filled.word}}} has no value at ${subject.on}`
    return { how: 'error', message, durationMs: 0 }
  }
  const began = clock.now()
  const left = new AbortController()
  const calling = hooks.call(
    filled.hook,
    document,
    hookEnvironment(subject, hosts),
    AbortSignal.any([signal, left.signal]),
  )
  const awake = new AbortController()
  const waiting = clock.sleep(hook.timeoutMs + grace, AbortSignal.any([signal, awake.signal])).then(async () => {
    if (signal.aborted) await clock.sleep(grace, awake.signal)
    return null
  })
  try {
    const answer = await Promise.race([calling, waiting])
    if (answer !== null) return { ...answer, message: cleanLine(answer.message) }
    calling.catch(() => {})
    left.abort()
    const message = `it did not answer within ${formatDuration(hook.timeoutMs)}, and could not be ended`
    return { how: 'error', message, durationMs: clock.now() - began }
  } finally {
    awake.abort()
  }
}

/** A hook's program as people know it. */
export function programOf({ run }: Hook): string {
  return cleanLine(run.join(' '))
}
