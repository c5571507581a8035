import type { Fact } from '../../model/run/event.ts'
import type { Event } from '../../model/run/event-schema.ts'
import type { Hook, HostPlan } from '../../model/plan/plan-schema.ts'
import { callHook, type HookPorts, programOf } from './call.ts'
import { hookAbout } from './context.ts'
import { finished } from './gate.ts'

export interface TellRequest {
  /** Of the plan. */
  readonly hooks: readonly Hook[]
  readonly hosts: Readonly<Record<string, HostPlan>>
  readonly emit: (fact: Fact) => void
  /** Told when a hook with `onError: fail` did not succeed. */
  readonly onFailure: (reason: string) => void
}

/** Hooks that are told of what happens, each in the order of events, while the rollout goes on. */
export interface Teller {
  /** Puts an event into the queues of the hooks that want it, and returns at once. */
  tell(event: Event): void
  /**
   * Waits until every queue is empty; what is not told by `timeoutMs`, or when `signal` fires, is given up. Resolves with
   * the number of events that some hook was not told of, in the whole run.
   */
  drain(timeoutMs: number, signal: AbortSignal): Promise<number>
}

/** Milliseconds for which the end of a run waits for its hooks, unless told otherwise. */
export const drainTimeMs = 120_000
/** Events that may wait for one hook: one that is slower than the run for long gets no more of them. */
export const longestQueue = 1000

interface Queue {
  readonly hook: Hook
  readonly waiting: Event[]
  /** Resolves when nothing waits; null: nothing is under way. */
  working: Promise<void> | null
  /** Events that it was not told of. */
  lost: number
}

/** Makes the teller of a run. `hook.finished` is told to nobody: a hook that listened to itself would never end. */
export function tellHooks(request: TellRequest, ports: HookPorts): Teller {
  const queues = request.hooks.map((hook): Queue => ({ hook, waiting: [], working: null, lost: 0 }))
  const stop = new AbortController()
  // The last line of a run's stream is `run.finished`: what comes after it cannot be told there.
  let isOver = false
  const emit = (fact: Fact) => {
    if (!isOver) request.emit(fact)
  }

  const work = async (queue: Queue): Promise<void> => {
    for (let event = queue.waiting.shift(); event !== undefined; event = queue.waiting.shift()) {
      if (stop.signal.aborted) queue.lost += 1
      else await callOnce({ hook: queue.hook, event }, { ...request, emit }, ports, stop.signal)
    }
    queue.working = null
  }

  return {
    tell(event) {
      if (event.type === 'run.finished') isOver = true
      if (event.type === 'hook.finished') return
      for (const queue of queues) {
        if (!queue.hook.on.some((on) => on === event.type)) continue
        if (queue.waiting.length >= longestQueue || stop.signal.aborted) {
          queue.lost += 1
          if (queue.lost === 1 && !stop.signal.aborted) emit(overrun(queue.hook))
          continue
        }
        queue.waiting.push(event)
        queue.working ??= Promise.resolve().then(() => work(queue))
      }
    },
    async drain(timeoutMs, signal) {
      const woken = new AbortController()
      const working = queues.flatMap((queue) => (queue.working === null ? [] : [queue.working]))
      const late = ports.clock.sleep(timeoutMs, AbortSignal.any([signal, woken.signal])).then(() => {
        if (!woken.signal.aborted) stop.abort()
      })
      await Promise.race([Promise.all(working), late])
      // Ended programs still say so; `callHook` bounds that.
      await Promise.all(working)
      woken.abort()
      return queues.reduce((sum, { lost }) => sum + lost, 0)
    },
  }
}

async function callOnce(
  { hook, event }: { readonly hook: Hook; readonly event: Event },
  { hosts, emit, onFailure }: TellRequest,
  ports: HookPorts,
  signal: AbortSignal,
): Promise<void> {
  const about = { wave: null, host: null, ...event }
  const subject = { on: event.type, run: event.run, wave: about.wave, host: about.host }
  const answer = await callHook({ hook, subject, document: { ...event }, hosts }, ports, signal)
  const code = answer.how === 'exited' ? answer.code : null
  const said = answer.message
  const told = hookAbout(hook, subject.host, hosts)
  emit(finished(told, event.type, { code, durationMs: answer.durationMs, decision: 'none', said }))
  if (code === 0 || hook.onError === 'ignore') return
  onFailure(`hook ${programOf(told)} on ${event.type} failed: ${said === '' ? `exit status ${code}` : said}`)
}

function overrun(hook: Hook): Fact {
  const detail = `Hook ${programOf(hook)} is slower than the run: ${longestQueue} events wait for it, and it misses further ones until it has caught up.`
  return {
    type: 'diagnostic',
    code: 'hook/overrun',
    severity: 'warning',
    summary: 'a hook is too slow',
    detail,
    host: null,
  }
}
