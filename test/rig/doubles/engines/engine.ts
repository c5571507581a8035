import type { Code } from '../../../../src/model/codes/codes.ts'
import type { Engine, EngineAnswer, EngineTask } from '../../../../src/ports/engine.ts'
import type { DoubleHost } from '../host.ts'

type Act = (host: DoubleHost, task: EngineTask, signal: AbortSignal) => EngineAnswer | Promise<EngineAnswer>

export const done: EngineAnswer = { how: 'done' }

/** An answer of an engine with a failure of that code. */
export function answered(how: 'refused' | 'failed' | 'lost', code: Code): EngineAnswer {
  return { how, failure: { code, summary: `it ${how}`, detail: 'as the double was told' } }
}

/** Stands for an engine: it changes double hosts as a test says, and keeps a record of what it was called for. */
export class DoubleEngine implements Engine {
  readonly calls: string[] = []
  copies: Act = () => done
  activates: Act = (host, { to }) => {
    host.switchTo(to.profile, to.system)
    return done
  }
  dryActivates: Act = (_, { onLine }) => {
    onLine('stdout', 'would restart the following units: nginx.service')
    return done
  }
  rollsBack: Act = (host, { from }) => {
    host.switchTo(from.profile ?? from.system, from.system)
    return done
  }
  readonly #hosts: ReadonlyMap<string, DoubleHost>

  constructor(hosts: ReadonlyMap<string, DoubleHost>) {
    this.#hosts = hosts
  }

  copy(task: EngineTask, signal: AbortSignal): Promise<EngineAnswer> {
    return this.#act('copy', this.copies, task, signal)
  }

  activate(task: EngineTask, signal: AbortSignal): Promise<EngineAnswer> {
    return this.#act('activate', this.activates, task, signal)
  }

  dryActivate(task: EngineTask, signal: AbortSignal): Promise<EngineAnswer> {
    return this.#act('dry-activate', this.dryActivates, task, signal)
  }

  rollBack(task: EngineTask, signal: AbortSignal): Promise<EngineAnswer> {
    return this.#act('roll-back', this.rollsBack, task, signal)
  }

  async #act(what: string, act: Act, task: EngineTask, signal: AbortSignal): Promise<EngineAnswer> {
    this.calls.push(`${what} ${task.name}`)
    const host = this.#hosts.get(task.name)
    if (host === undefined) throw new Error(`the double engine knows no host ${task.name}`)
    return act(host, task, signal)
  }
}
