import type { Fact } from '../../model/run/event.ts'
import type { HostStep } from '../../model/run/event-schema.ts'
import type { Check, HostPlan, Wave } from '../../model/plan/plan-schema.ts'
import type { CheckTypes } from '../../ports/check.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Engine } from '../../ports/engine.ts'
import type { HostLocks } from '../../ports/lock.ts'
import type { Nix } from '../../ports/nix.ts'
import type { Remote } from '../../ports/remote.ts'
import type { Roots } from '../../ports/roots.ts'
import type { Store } from '../../ports/store.ts'
import type { GateAnswer } from '../hooks/gate.ts'

/** What the work on one host asks of the world. */
export interface HostPorts {
  readonly clock: Clock
  readonly nix: Nix
  readonly remote: Remote
  readonly locks: HostLocks
  readonly roots: Roots
  readonly store: Pick<Store, 'closure' | 'file'>
  readonly engines: Readonly<Partial<Record<string, Engine>>>
  readonly checkTypes: CheckTypes
}

/** One host's part of a run. */
export interface HostTask {
  readonly name: string
  readonly wave: Wave
  readonly planned: HostPlan
  /** Its checks by name, as the plan froze them. */
  readonly checks: Readonly<Record<string, Check>>
  readonly run: string
  /** user@machine. */
  readonly operator: string
  /** Milliseconds to wait for the host's lock. */
  readonly lockTimeoutMs: number
  /** Change it although it is stale: what it runs then is what it is rolled back to (`--force-stale`). */
  readonly forceStale: boolean
  /** Activate it although it runs its planned system (`--reactivate`). */
  readonly reactivate: boolean
  /** Milliseconds for which it is waited for, where the run that this one resumes may have rebooted it; else 0. */
  readonly bootingMs: number
  /** A later failure may roll it back in this run (`rollback: wave`, `run`): its old system stays protected on it. */
  readonly mayRollBack: boolean
  /** Directory of the run that belongs to this host alone, absolute. */
  readonly directory: string
  /** The plan's locked source. */
  readonly flake?: string
  /** Garbage-collector root for what is built for it, absolute. */
  readonly root: string
  readonly emit: (fact: Fact) => void
  /** Asks the hooks of `before.host`, just before it is changed. */
  readonly mayStart: () => Promise<GateAnswer>
  /** Runs what one host of a run may do at a time, when its turn has come. */
  readonly alone: <T>(work: () => Promise<T>) => Promise<T>
  /** The host for whose failed reboot its wave halts: then no other is rebooted; null: there is none. */
  readonly failedReboot: () => string | null
  /** Puts on disk all that was told; false once that could not be: then nothing may be done that it would have told. */
  readonly record: () => boolean
  readonly output: (step: HostStep['step'], stream: 'stdout' | 'stderr', line: string) => void
}

/** The work on one host of a run: what the run asks of it, what the world offers, and what ends it. */
export interface HostWork {
  readonly task: HostTask
  readonly ports: HostPorts
  readonly signal: AbortSignal
}

/** What a step is about, beside its name. */
type StepAbout = Pick<HostStep, 'path' | 'variant' | 'reason'>

/** Says that a step begins. */
export function begin({ name, wave, emit }: HostTask, step: HostStep['step'], about: StepAbout = {}): void {
  emit({ type: 'host.step', host: name, wave: wave.name, step, status: 'started', ...about })
}

/** Says that a step ended well, and what the host was found to run. */
export function finish({ name, wave, emit }: HostTask, step: HostStep['step'], variant?: HostStep['variant']): void {
  const found = variant === undefined ? {} : { variant }
  emit({ type: 'host.step', host: name, wave: wave.name, step, status: 'finished', ...found })
}
