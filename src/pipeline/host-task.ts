import type { Fact } from '../model/event.ts'
import type { HostStep } from '../model/event-schema.ts'
import type { Check, HostPlan, Wave } from '../model/plan-schema.ts'
import type { Observation } from '../model/system.ts'
import type { CheckType } from '../ports/check.ts'
import type { Clock } from '../ports/clock.ts'
import type { Engine } from '../ports/engine.ts'
import type { Nix } from '../ports/nix.ts'
import type { Remote } from '../ports/remote.ts'

/** What the work on one host asks of the world. */
export interface HostPorts {
  readonly clock: Clock
  readonly nix: Nix
  readonly remote: Remote
  readonly engines: Readonly<Partial<Record<string, Engine>>>
  readonly checkTypes: Readonly<Partial<Record<Check['type'], CheckType>>>
}

/** One host's part of a run. */
export interface HostTask {
  readonly name: string
  readonly wave: Wave
  readonly planned: HostPlan
  /** Its checks by name, as the plan froze them. */
  readonly checks: Readonly<Record<string, Check>>
  /** Garbage-collector root for what is built for it, absolute. */
  readonly root: string
  readonly emit: (fact: Fact) => void
  /** False once an event could not be kept: then nothing may be done that it would have told. */
  readonly isRecorded: () => boolean
  readonly output: (step: HostStep['step'], stream: 'stdout' | 'stderr', line: string) => void
}

/** Says that a step begins. */
export function begin({ name, wave, emit }: HostTask, step: HostStep['step'], message: string): void {
  emit({ type: 'host.step', host: name, wave: wave.name, step, status: 'started', message })
}

/** Says that a step ended well. */
export function finish({ name, wave, emit }: HostTask, step: HostStep['step'], message: string): void {
  emit({ type: 'host.step', host: name, wave: wave.name, step, status: 'finished', message })
}

/** Ends a host that did not reach the plan; `now` is what it runs as last asked, null when it was not. */
export function fail(
  { name, wave, emit }: HostTask,
  step: HostStep['step'],
  code: string,
  reason: string,
  touched: boolean,
  now: Pick<Observation, 'system' | 'profile'> | null,
): void {
  const fate = touched ? 'it may have changed' : 'nothing was changed on it'
  emit({
    type: 'host.failed',
    host: name,
    wave: wave.name,
    step,
    code,
    reason,
    touched,
    system: now?.system ?? null,
    profile: now?.profile ?? null,
    message: `${name} failed: ${reason} (${fate})`,
  })
}
