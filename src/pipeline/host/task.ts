import type { AnyCode } from '../../model/codes/codes.ts'
import type { Fact } from '../../model/run/event.ts'
import type { HostStep } from '../../model/run/event-schema.ts'
import type { ChangedHost, Check, HostPlan, Wave } from '../../model/plan/plan-schema.ts'
import type { Observation } from '../../model/host/system.ts'
import type { CheckTypes } from '../../ports/check.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Engine, EngineTask } from '../../ports/engine.ts'
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
  /** Change it though it moved since the plan: what it runs then is what it goes back to (`--force-stale`). */
  readonly forceStale: boolean
  /** A later failure may take it back in this run (`rollback: wave`, `run`): the way back stays protected on it. */
  readonly mayRevert: boolean
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
  /** False once an event could not be kept: then nothing may be done that it would have told. */
  readonly isRecorded: () => boolean
  readonly output: (step: HostStep['step'], stream: 'stdout' | 'stderr', line: string) => void
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

/** Ends a host that did not reach the plan; `now` is what it runs as last asked, null when it was not. */
export function fail(
  { name, wave, emit }: HostTask,
  step: HostStep['step'],
  code: AnyCode,
  reason: string,
  touched: boolean,
  now: Pick<Observation, 'system' | 'profile'> | null,
): void {
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
  })
}

/** Ends a host that the run stopped before anything was changed on it. */
export function cancelled({ name, wave, emit }: HostTask): null {
  const reason = 'the run ended while it was being prepared; nothing was changed on the host'
  emit({ type: 'host.cancelled', host: name, wave: wave.name, reason })
  return null
}

/** The engine that the host's settings name; `apply` has refused plans that name one it lacks. */
export function engineOf({ planned }: HostTask, { engines }: HostPorts): Engine {
  const engine = engines[planned.settings.engine]
  if (engine === undefined) throw new Error(`bug: no engine ${planned.settings.engine}`)
  return engine
}

/** One host's change as its engine needs it, with the state that was just observed to compare and set against. */
export function engineTask(
  task: HostTask,
  planned: ChangedHost,
  before: Pick<Observation, 'system' | 'profile'>,
  step: 'copy' | 'activate' | 'roll-back',
): EngineTask {
  return {
    name: task.name,
    settings: planned.settings,
    to: planned.to,
    from: { system: before.system, profile: before.profile },
    run: task.run,
    directory: task.directory,
    ...(task.flake === undefined ? {} : { flake: task.flake }),
    onLine: (stream, line) => task.output(step, stream, line),
  }
}
