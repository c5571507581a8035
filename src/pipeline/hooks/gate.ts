import { formatDuration } from '../../model/fleet/duration.ts'
import type { Fact } from '../../model/run/event.ts'
import { gateSentence } from '../../model/run/sentence.ts'
import type { HookFinished } from '../../model/run/event-schema.ts'
import type { Hook, HostPlan } from '../../model/plan/plan-schema.ts'
import { callHook, type HookPorts, programOf } from './call.ts'
import { hookAbout } from './context.ts'

/** A point at which hooks decide. */
export type Gate = 'before.run' | 'before.wave' | 'before.host'

export interface GateRequest {
  readonly gate: Gate
  readonly run: string
  /** Null for `before.run`. */
  readonly wave: string | null
  /** Null but for `before.host`. */
  readonly host: string | null
  /** Of the plan. */
  readonly hooks: readonly Hook[]
  readonly hosts: Readonly<Record<string, HostPlan>>
  /** The gate's own fields of what is about to happen. */
  readonly fields: Readonly<Record<string, unknown>>
  readonly emit: (fact: Fact) => void
  /** Told when a hook wants the gate to stay closed for now, once for each change of its reason. */
  readonly onWait?: (reason: string) => void
}

/** What the gate's hooks decided. `stopped`: the run was interrupted before they had. */
export type GateAnswer =
  | { readonly decision: 'continue' }
  | { readonly decision: 'refuse'; readonly reason: string }
  | { readonly decision: 'stopped' }

/** Exit status with which a gate hook says "not yet" (EX_TEMPFAIL of sysexits.h). */
const notYet = 75
/** Milliseconds between two questions to a hook that says "not yet", and for how long it is asked. */
const gatePauseMs = 10_000
export const gatePatienceMs = 3_600_000

/**
 * Asks the hooks of a gate, one after another in the order of fleet.yaml, until each says go on or one refuses.
 * Exit 0 goes on; 75 waits and asks again, for an hour at most; anything else refuses, a time-out and a missing program
 * too: a gate that cannot answer stays closed.
 */
export async function askGate(request: GateRequest, ports: HookPorts, signal: AbortSignal): Promise<GateAnswer> {
  for (const hook of request.hooks) {
    if (!hook.on.includes(request.gate)) continue
    const answer = await askHook(hook, request, ports, signal)
    if (answer.decision !== 'continue') return answer
  }
  return signal.aborted ? { decision: 'stopped' } : { decision: 'continue' }
}

async function askHook(hook: Hook, request: GateRequest, ports: HookPorts, signal: AbortSignal): Promise<GateAnswer> {
  const { gate, run, wave, host, hosts, fields, emit, onWait } = request
  const { clock } = ports
  const began = clock.now()
  const told = hookAbout(hook, host, hosts)
  const message = gateSentence({ run, wave, host })
  let waitingFor: string | null = null
  for (let attempt = 1; !signal.aborted; attempt += 1) {
    const at = new Date(clock.now()).toISOString()
    const document = { v: 1, type: gate, at, run, message, wave, host, ...fields, attempt }
    const answer = await callHook({ hook, subject: { on: gate, run, wave, host }, document, hosts }, ports, signal)
    if (signal.aborted) break
    const code = answer.how === 'exited' ? answer.code : null
    const decision = code === 0 ? 'continue' : code === notYet ? 'wait' : 'refuse'
    const said = answer.message === '' && code !== 0 ? `exit status ${code}` : answer.message
    // A hook that says the same again is asked in silence.
    if (decision !== 'wait' || waitingFor !== said)
      emit(finished(told, gate, { code, durationMs: answer.durationMs, decision, said }))
    if (decision === 'continue') return { decision }
    if (decision === 'refuse') return { decision, reason: `${programOf(told)}: ${said}` }
    if (waitingFor !== said) onWait?.(`${programOf(told)}: ${said}`)
    waitingFor = said
    if (clock.now() - began >= gatePatienceMs) {
      const reason = `${programOf(told)} said "not yet" for ${formatDuration(gatePatienceMs)}: ${said}`
      return { decision: 'refuse', reason }
    }
    await clock.sleep(gatePauseMs, signal)
  }
  return { decision: 'stopped' }
}

/** The event that tells how a hook ended. */
export function finished(
  hook: Hook,
  on: string,
  answer: {
    readonly code: number | null
    readonly durationMs: number
    readonly decision: HookFinished['decision']
    readonly said: string
  },
): Fact {
  const { code, durationMs, decision, said } = answer
  return {
    type: 'hook.finished',
    program: hook.run,
    on,
    hookExitCode: code,
    durationMs,
    decision,
    said,
  }
}
