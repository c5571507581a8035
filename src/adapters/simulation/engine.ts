import type { Code } from '../../model/codes/codes.ts'
import type { HostSettings } from '../../model/plan/plan-schema.ts'
import type { Engine, EngineAnswer, EngineTask } from '../../ports/engine.ts'
import type { SimulatedHost, SimulatedState } from './host.ts'
import type { Session } from './session.ts'

const done: EngineAnswer = { how: 'done' }

/** An engine that changes machines in memory, each as its fault has it. It compares and sets, as engines do. */
export function simulatedEngine(session: Session, onConnectionLost: (host: string) => void): Engine {
  const { fleet, clock } = session
  return {
    async copy({ name }, signal) {
      await clock.sleep(fleet.host(name).takes(1_000, 15_000), signal)
      return signal.aborted ? answered('refused', 'copy/aborted', 'interrupted before the activation') : done
    },
    async activate(task, signal) {
      if (!session.isAlive) await session.alive()
      const host = fleet.host(task.name)
      const began = clock.now()
      const found = host.stateAt(began)
      if (found.system !== task.from.system || found.profile !== task.from.profile)
        return answered('refused', 'activate/stale', 'the host changed since the plan')
      if (host.isActivatingAt(began)) {
        host.collisions += 1
        return answered('refused', 'activate/locked', 'another activation is running on the host')
      }
      if (!host.answersAt(began)) return answered('refused', 'ssh/no-answer', 'no answer')
      const target = targetOf(task, found)
      host.activations.push({ what: 'activate', found, target })
      const takes = host.takes(3_000, 40_000)
      const answer = begin(host, task, { found, target, began, takes })
      await clock.sleep(answer.after, signal)
      if (signal.aborted) return answered('lost', 'ssh/aborted', 'interrupted')
      if (answer.answer.how === 'lost') onConnectionLost(task.name)
      return answer.answer
    },
    async dryActivate({ name, onLine }, signal) {
      await clock.sleep(fleet.host(name).takes(500, 3_000), signal)
      onLine('stdout', 'would restart the following units: simulated.service')
      return done
    },
    async rollBack(task, signal) {
      if (!session.isAlive) await session.alive()
      const host = fleet.host(task.name)
      const began = clock.now()
      if (!host.answersAt(began)) return answered('refused', 'ssh/no-answer', 'no answer')
      const found = host.stateAt(began)
      if (host.isActivatingAt(began)) {
        host.collisions += 1
        return answered('refused', 'activate/locked', 'another activation is running on the host')
      }
      const { system } = task.from
      const target = { system, profile: task.from.profile ?? system, nextBoot: host.before.nextBoot }
      host.activations.push({ what: 'roll-back', found, target })
      const takes = host.takes(3_000, 20_000)
      const isStuck = host.fault === 'stuck'
      if (!isStuck) host.at(began + takes, () => host.set(target))
      await clock.sleep(takes, signal)
      if (signal.aborted) return answered('lost', 'ssh/aborted', 'interrupted')
      return isStuck ? answered('failed', 'activate/failed', 'activation failed (exit 2)') : done
    },
  }
}

/** What a mode makes of a host that runs `found`. */
function targetOf({ settings: { mode }, to }: EngineTask, found: SimulatedState): SimulatedState {
  const boots = mode === 'test' ? found : { profile: to.profile, nextBoot: to.system }
  return { system: mode === 'boot' ? found.system : to.system, profile: boots.profile, nextBoot: boots.nextBoot }
}

interface Beginning {
  readonly found: SimulatedState
  readonly target: SimulatedState
  readonly began: number
  /** Milliseconds that the activation takes when nothing goes wrong. */
  readonly takes: number
}

/** Lets an activation take its course on the host; what the engine will answer, and after how many milliseconds. */
function begin(
  host: SimulatedHost,
  { settings }: EngineTask,
  { found, target, began, takes }: Beginning,
): { readonly after: number; readonly answer: EngineAnswer } {
  const halfWay = { ...target, system: found.system }
  const ends = began + takes
  switch (host.fault) {
    case 'fails':
    case 'stuck':
      host.set(halfWay)
      host.at(ends, () => {})
      return { after: takes, answer: answered('failed', 'activate/failed', 'activation failed (exit 2)') }
    case 'refuses':
      return { after: takes, answer: answered('failed', 'activate/failed', 'activation failed (exit 2)') }
    case 'hangs': {
      const { timeoutMs } = settings.activation
      host.set(halfWay)
      host.at(began + timeoutMs, () => {})
      return { after: timeoutMs, answer: answered('failed', 'activate/timed-out', 'the activation took too long') }
    }
    case 'loses-connection':
    case 'loses-and-rolls-back':
    case 'falls-silent':
      return { after: Math.round(takes / 2), answer: lose(host, settings, { found, target, began, takes }) }
    case 'lies':
      return { after: takes, answer: done }
    case 'flaps':
      host.flap(ends + host.takes(10_000, 90_000), 7_000)
      host.set(halfWay)
      host.at(ends, () => host.set(target))
      return { after: takes, answer: done }
    case 'well':
    case 'sickens':
    case 'stays-sick':
    case 'cannot-be-measured':
    case 'unreachable':
    case 'moved':
      host.set(halfWay)
      host.at(ends, () => host.set(target))
      return { after: takes, answer: done }
  }
}

function lose(host: SimulatedHost, settings: HostSettings, { found, target, began, takes }: Beginning): EngineAnswer {
  const ends = began + takes
  host.set({ ...target, system: found.system })
  host.at(ends, () => host.set(target))
  if (host.fault === 'loses-and-rolls-back') host.at(ends + settings.activation.confirmTimeoutMs, () => host.set(found))
  const again = host.fault === 'falls-silent' ? Number.POSITIVE_INFINITY : ends + host.takes(0, 5_000)
  host.at(began + Math.round(takes / 2), () => host.fallSilent(again))
  return answered('lost', 'ssh/connection-lost', 'the connection was lost')
}

function answered(how: 'refused' | 'failed' | 'lost', code: Code, summary: string): EngineAnswer {
  return { how, failure: { code, summary, detail: 'as the simulation has it' } }
}
