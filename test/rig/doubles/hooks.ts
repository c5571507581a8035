import type { Hook } from '../../../src/model/plan/plan-schema.ts'
import type { HookAnswer, Hooks } from '../../../src/ports/hook.ts'
import type { VirtualClock } from './virtual-clock.ts'

/** One call of a hook, as it was made. */
export interface HookCall {
  readonly program: string
  readonly document: Readonly<Record<string, unknown>>
  readonly environment: Readonly<Record<string, string>>
}

/** Stands for programs: a test says how each call ends, and after how long; nothing is started. */
export class DoubleHooks implements Hooks {
  readonly calls: HookCall[] = []
  answers: (call: HookCall, count: number) => { readonly code: number | null; readonly message?: string } = () => ({
    code: 0,
  })
  /** Milliseconds that each call takes. */
  takesMs = 0
  readonly #clock: VirtualClock

  constructor(clock: VirtualClock) {
    this.#clock = clock
  }

  async call(
    { run }: Hook,
    document: HookCall['document'],
    environment: HookCall['environment'],
    signal: AbortSignal,
  ): Promise<HookAnswer> {
    const call = { program: run.join(' '), document, environment }
    this.calls.push(call)
    await this.#clock.sleep(this.takesMs, signal)
    if (signal.aborted) return { how: 'error', message: 'it was interrupted', durationMs: this.takesMs }
    const { code, message = '' } = this.answers(call, this.calls.length)
    return code === null
      ? { how: 'error', message, durationMs: this.takesMs }
      : { how: 'exited', code, message, durationMs: this.takesMs }
  }
}

/** A hook with the defaults of the contract. */
export function sampleHook(on: Hook['on'], more: Partial<Hook> = {}): Hook {
  return { on, run: ['./notify.sh'], timeoutMs: 30_000, onError: 'ignore', ...more }
}
