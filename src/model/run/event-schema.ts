// Generated from schemas/event.schema.json by `npm run generate`. Do not edit.
import type { AnyCode } from '../codes/codes.ts'

/**
 * One line of `fleet apply --json`, of `--log` and of the journal. The first is `run.started`, the last `run.finished`. New types and keys may be added within v 1: for a type you do not know, show its message.
 */
export type Event =
  | RunStarted
  | RunInterrupted
  | RunStopped
  | RunFinished
  | WavePromoted
  | WaveStarted
  | WaveBaking
  | WavePaused
  | WaveHalted
  | WaveFinished
  | HostWaiting
  | HostStarted
  | HostStep
  | HostOutput
  | HostSucceeded
  | HostSkipped
  | HostStale
  | HostFailed
  | HostRolledBack
  | HostUnknown
  | HostCancelled
  | HostUnhealthy
  | HostReverting
  | HostReverted
  | CheckFinished
  | LockWaiting
  | LockAcquired
  | LockReleased
  | LockLost
  | HookFinished
  | DiagnosticReported
/**
 * First line of a run.
 */
export type RunStarted = Line & {
  readonly type: 'run.started'
  /**
   * Version of fleet.
   */
  readonly fleet: string
  /**
   * Name of the fleet.
   */
  readonly name: string
  /**
   * The plan.
   */
  readonly planId: string
  /**
   * user@machine.
   */
  readonly startedBy: string
  /**
   * The selection.
   */
  readonly waves: readonly SelectedWave[]
  /**
   * The run that this one continues.
   */
  readonly resumes: string | null
  /**
   * Waves that --wave names, which is their approval; absent: none.
   */
  readonly promoted?: readonly string[]
  readonly overrides?: Overrides
}
/**
 * A signal arrived.
 */
export type RunInterrupted = Line & {
  readonly type: 'run.interrupted'
  /**
   * e.g. SIGINT.
   */
  readonly signal: string
  /**
   * Hosts in flight.
   */
  readonly inFlight: readonly string[]
  /**
   * What is in flight may take this long, in milliseconds.
   */
  readonly longestWaitMs?: number
  /**
   * Hosts that roll back by themselves unless their activation is confirmed; at the second signal.
   */
  readonly automaticRollback?: readonly string[]
}
/**
 * The run starts nothing more, for a reason of its own: refused by a hook, locked, or failed as a whole.
 */
export type RunStopped = Line & {
  readonly type: 'run.stopped'
  /**
   * Stable reason, e.g. `hook/refused`, `lock/held`.
   */
  readonly code: AnyCode
  /**
   * Why, in words.
   */
  readonly reason: string
}
/**
 * Last line of a run.
 */
export type RunFinished = Line & {
  readonly type: 'run.finished'
  /**
   * How it ended.
   */
  readonly outcome: 'complete' | 'no-changes' | 'failed' | 'paused' | 'refused' | 'interrupted'
  /**
   * Exit code of the process.
   */
  readonly exitCode: number
  /**
   * Why, in words.
   */
  readonly reason: string
  /**
   * Hosts that this run changed and that stayed changed, or whose state is unknown.
   */
  readonly changedHosts: readonly string[]
  readonly counts: Counts
}
/**
 * The gates before the wave let it start.
 */
export type WavePromoted = Line & {
  readonly type: 'wave.promoted'
  /**
   * The wave.
   */
  readonly wave: string
  /**
   * What let it start, in words.
   */
  readonly reason: string
}
/**
 * A wave starts.
 */
export type WaveStarted = Line & {
  readonly type: 'wave.started'
  /**
   * The wave.
   */
  readonly wave: string
  /**
   * Its selected hosts.
   */
  readonly hosts: readonly string[]
}
/**
 * All hosts of the wave are healthy; it must stay so while their checks keep running.
 */
export type WaveBaking = Line & {
  readonly type: 'wave.baking'
  /**
   * The wave.
   */
  readonly wave: string
  /**
   * How long in all, in milliseconds.
   */
  readonly bakeTimeMs: number
  /**
   * What remains of it, in milliseconds: hosts that were up to date have baked since.
   */
  readonly remainingMs?: number
}
/**
 * The run starts nothing more until what is missing is there.
 */
export type WavePaused = Line & {
  readonly type: 'wave.paused'
  /**
   * The wave.
   */
  readonly wave: string
  /**
   * Why, in words.
   */
  readonly reason: string
  /**
   * What is missing: approval (`promotion: manual`); a gate check that gave no result; a gate hook that refused; or, once the wave has started, health that is unknown.
   */
  readonly cause: 'approval' | 'gate-check' | 'gate-hook' | 'health'
}
/**
 * The wave starts nothing more; a wave whose gate check failed never started.
 */
export type WaveHalted = Line & {
  readonly type: 'wave.halted'
  /**
   * The wave.
   */
  readonly wave: string
  /**
   * Why, in words.
   */
  readonly reason: string
  /**
   * Failures so far.
   */
  readonly failures: number
  /**
   * Failures allowed.
   */
  readonly maxFailures: number
}
/**
 * Every host of the wave has its ending.
 */
export type WaveFinished = Line & {
  readonly type: 'wave.finished'
  /**
   * The wave.
   */
  readonly wave: string
  /**
   * Whether it had been halted.
   */
  readonly halted: boolean
}
/**
 * Why a host is not moving; once per change of reason.
 */
export type HostWaiting = Line & {
  readonly type: 'host.waiting'
  /**
   * The host.
   */
  readonly host: string
  /**
   * The wave.
   */
  readonly wave: string
  /**
   * Why, in words.
   */
  readonly reason: string
}
/**
 * The host is in flight from here to its ending.
 */
export type HostStarted = Line & {
  readonly type: 'host.started'
  /**
   * The host.
   */
  readonly host: string
  /**
   * The wave.
   */
  readonly wave: string
  /**
   * The toplevel it should leave.
   */
  readonly from: string
  /**
   * The toplevel it should reach.
   */
  readonly to: string
  /**
   * What its system profile pointed at when fleet last read it: with `from`, what the host is rolled back to; null: nothing.
   */
  readonly fromProfile?: string | null
  /**
   * The generation of that profile; null: unknown.
   */
  readonly fromGeneration?: number | null
  /**
   * It had changed since the plan, and is changed anyway (`--force-stale`).
   */
  readonly forced?: boolean
}
/**
 * A phase of one host starts or ends well; a phase that fails ends in the host’s ending.
 */
export type HostStep = Line & {
  readonly type: 'host.step'
  /**
   * The host.
   */
  readonly host: string
  /**
   * The wave.
   */
  readonly wave: string
  /**
   * Which of the two.
   */
  readonly status: 'started' | 'finished'
  /**
   * The phase.
   */
  readonly step: 'lock' | 'preflight' | 'build' | 'copy' | 'activate' | 'confirm' | 'verify' | 'check' | 'reboot' | 'roll-back'
  /**
   * Store path that the step is about: what is built, looked for, activated, booted or rolled back to.
   */
  readonly path?: string
  /**
   * build: `ahead` of its wave. copy: `in-store`, the path must be on the host already. preflight, verify: what the host was found to run: `as-expected` by the plan, `as-planned`, planned for the `next-boot`, or something else that is replaced all the same (`forced`).
   */
  readonly variant?: 'ahead' | 'in-store' | 'as-expected' | 'as-planned' | 'next-boot' | 'forced'
  /**
   * roll-back: why, in words.
   */
  readonly reason?: string
}
/**
 * A line that a program printed for this host, cleaned of control characters.
 */
export type HostOutput = Line & {
  readonly type: 'host.output'
  /**
   * The host.
   */
  readonly host: string
  /**
   * The phase.
   */
  readonly step: string
  /**
   * Where it was printed.
   */
  readonly stream: 'stdout' | 'stderr'
  /**
   * The line.
   */
  readonly line: string
}
/**
 * Ending: the host runs its planned system and is healthy.
 */
export type HostSucceeded = Line & {
  readonly type: 'host.succeeded'
  /**
   * The host.
   */
  readonly host: string
  /**
   * The wave.
   */
  readonly wave: string
  /**
   * The toplevel that runs now, as last verified; null: unknown.
   */
  readonly system: string | null
  /**
   * What the system profile points at, as last verified; null: unknown.
   */
  readonly profile: string | null
  /**
   * Generation of the system profile.
   */
  readonly generation: number | null
  /**
   * What it booted with, or runs (mode: boot), is older: a reboot brings the rest.
   */
  readonly rebootPending?: boolean
  /**
   * mode: boot: the toplevel that the next boot brings; absent or null: what runs.
   */
  readonly nextBoot?: string | null
  /**
   * What only a reboot brings, e.g. `kernel`; absent: nothing.
   */
  readonly rebootBecause?: readonly string[]
  /**
   * Units that had failed before the change and still do; missing: none.
   */
  readonly stillFailed?: readonly string[]
}
/**
 * Ending: nothing had to be done, or the host was unreachable and may be.
 */
export type HostSkipped = Line & {
  readonly type: 'host.skipped'
  /**
   * The host.
   */
  readonly host: string
  /**
   * The wave.
   */
  readonly wave: string
  /**
   * Why it was left alone.
   */
  readonly cause: 'converged' | 'unreachable' | 'prepared'
  /**
   * Why, in words.
   */
  readonly reason: string
  /**
   * Converged: since when its profile is set, by its own clock; absent or null: unknown.
   */
  readonly profileAgeSeconds?: number | null
}
/**
 * Ending: the host changed since the plan; it was not touched. Counts as a failure.
 */
export type HostStale = Line & {
  readonly type: 'host.stale'
  /**
   * The host.
   */
  readonly host: string
  /**
   * The wave.
   */
  readonly wave: string
  /**
   * The toplevel the plan expects.
   */
  readonly expected: string
  /**
   * The toplevel that runs.
   */
  readonly observed: string
  /**
   * Why, in words.
   */
  readonly reason: string
  /**
   * What the plan expects its system profile to point at; null: nothing.
   */
  readonly expectedProfile?: string | null
  /**
   * What its system profile points at; null: nothing.
   */
  readonly observedProfile?: string | null
}
/**
 * Ending: the host does not run its planned system and was not rolled back.
 */
export type HostFailed = Line & {
  readonly type: 'host.failed'
  /**
   * The host.
   */
  readonly host: string
  /**
   * The wave.
   */
  readonly wave: string
  /**
   * The phase that failed.
   */
  readonly step: string
  /**
   * Stable reason, e.g. `copy/no-space`.
   */
  readonly code: AnyCode
  /**
   * Why, in words.
   */
  readonly reason: string
  /**
   * False: nothing was changed on the host.
   */
  readonly touched: boolean
  /**
   * The toplevel that runs now, as last verified; null: unknown.
   */
  readonly system: string | null
  /**
   * What the system profile points at, as last verified; null: unknown.
   */
  readonly profile: string | null
}
/**
 * Ending: the change failed and the host was rolled back to its recorded system (verified).
 */
export type HostRolledBack = Line & {
  readonly type: 'host.rolled-back'
  /**
   * The host.
   */
  readonly host: string
  /**
   * The wave.
   */
  readonly wave: string
  /**
   * The phase that failed.
   */
  readonly step: string
  /**
   * Stable reason.
   */
  readonly code: AnyCode
  /**
   * Why, in words.
   */
  readonly reason: string
  /**
   * The toplevel that runs now, as last verified; null: unknown.
   */
  readonly system: string | null
  /**
   * What the system profile points at, as last verified; null: unknown.
   */
  readonly profile: string | null
  /**
   * Units that had failed before the change and still do; missing: none.
   */
  readonly stillFailed?: readonly string[]
}
/**
 * Ending: it is unknown what the host runs, or whether it is healthy.
 */
export type HostUnknown = Line & {
  readonly type: 'host.unknown'
  /**
   * The host.
   */
  readonly host: string
  /**
   * The wave.
   */
  readonly wave: string
  /**
   * The phase that was lost.
   */
  readonly step: string
  /**
   * Stable reason.
   */
  readonly code: AnyCode
  /**
   * Why, in words.
   */
  readonly reason: string
  /**
   * The toplevel seen last.
   */
  readonly lastKnown: string | null
  /**
   * `note` of the host in fleet.yaml: what helps to reach it.
   */
  readonly note?: string | null
}
/**
 * Ending: the host was not started.
 */
export type HostCancelled = Line & {
  readonly type: 'host.cancelled'
  /**
   * The host.
   */
  readonly host: string
  /**
   * The wave.
   */
  readonly wave: string
  /**
   * Why, in words.
   */
  readonly reason: string
}
/**
 * A host that was healthy turned unhealthy while its wave baked. The wave halts.
 */
export type HostUnhealthy = Line & {
  readonly type: 'host.unhealthy'
  /**
   * The host.
   */
  readonly host: string
  /**
   * The wave.
   */
  readonly wave: string
  /**
   * The check that failed.
   */
  readonly check: string
  /**
   * Why, in words.
   */
  readonly reason: string
}
/**
 * A host that had succeeded is being rolled back with its wave or run.
 */
export type HostReverting = Line & {
  readonly type: 'host.reverting'
  /**
   * The host.
   */
  readonly host: string
  /**
   * The wave.
   */
  readonly wave: string
  /**
   * The toplevel it is rolled back to.
   */
  readonly to: string
  /**
   * Why, in words.
   */
  readonly reason: string
}
/**
 * A host that had succeeded was rolled back with its wave or run, or was not. Comes after its ending, at most once.
 */
export type HostReverted = Line & {
  readonly type: 'host.reverted'
  /**
   * The host.
   */
  readonly host: string
  /**
   * The wave.
   */
  readonly wave: string
  /**
   * Failed: it was not rolled back, or is unhealthy there too. Unknown: it is unreachable.
   */
  readonly result: 'rolled-back' | 'failed' | 'unknown'
  /**
   * Stable reason, e.g. `wave/halted`, `roll-back/failed`.
   */
  readonly code: AnyCode
  /**
   * Why, in words.
   */
  readonly reason: string
  /**
   * The toplevel that runs now, as last verified; null: unknown.
   */
  readonly system: string | null
  /**
   * What the system profile points at, as last verified; null: unknown.
   */
  readonly profile: string | null
}
/**
 * A check changed its state.
 */
export type CheckFinished = Line & {
  readonly type: 'check.finished'
  /**
   * The host; null for a check of the wave.
   */
  readonly host: string | null
  /**
   * The wave.
   */
  readonly wave: string
  /**
   * Its name.
   */
  readonly check: string
  /**
   * When it ran.
   */
  readonly phase: 'before' | 'after' | 'bake' | 'rollback'
  /**
   * Error: no result.
   */
  readonly result: 'pass' | 'fail' | 'error'
  /**
   * What a failure does.
   */
  readonly severity: 'fail' | 'warn'
  /**
   * Attempts so far.
   */
  readonly attempts: number
  /**
   * Since the first attempt, in milliseconds.
   */
  readonly durationMs: number
  /**
   * What it found, in words.
   */
  readonly said: string
}
/**
 * Another run holds the lock.
 */
export type LockWaiting = Line & {
  readonly type: 'lock.waiting'
  /**
   * The host; null for the fleet lock.
   */
  readonly host: string | null
  /**
   * Who holds it.
   */
  readonly holder: string
  /**
   * The lock’s own name, for `fleet unlock`; null: it has no readable record.
   */
  readonly id?: string | null
  /**
   * Since when it is held, by the holder’s clock; null: it has no readable record.
   */
  readonly since?: string | null
}
/**
 * This run holds the lock.
 */
export type LockAcquired = Line & {
  readonly type: 'lock.acquired'
  /**
   * The host; null for the fleet lock.
   */
  readonly host: string | null
}
/**
 * This run released the lock.
 */
export type LockReleased = Line & {
  readonly type: 'lock.released'
  /**
   * The host; null for the fleet lock.
   */
  readonly host: string | null
}
/**
 * The lock was lost with its connection.
 */
export type LockLost = Line & {
  readonly type: 'lock.lost'
  /**
   * The host; null for the fleet lock.
   */
  readonly host: string | null
  /**
   * Why, in words.
   */
  readonly reason: string
}
/**
 * A hook ended.
 */
export type HookFinished = Line & {
  readonly type: 'hook.finished'
  /**
   * The program.
   */
  readonly program: readonly string[]
  /**
   * The event or gate.
   */
  readonly on: string
  /**
   * Null: it did not end by itself.
   */
  readonly hookExitCode: number | null
  /**
   * It took, in milliseconds.
   */
  readonly durationMs: number
  /**
   * What a gate hook decided.
   */
  readonly decision: 'none' | 'continue' | 'wait' | 'refuse'
  /**
   * What it printed, in one line; empty: nothing.
   */
  readonly said: string
}
/**
 * Something you should know.
 */
export type DiagnosticReported = Line & {
  readonly type: 'diagnostic'
  /**
   * Stable code.
   */
  readonly code: AnyCode
  /**
   * How loud it is.
   */
  readonly severity: 'info' | 'warning' | 'error'
  /**
   * Fixed for the code.
   */
  readonly summary: string
  /**
   * Full sentences.
   */
  readonly detail: string
  /**
   * The host it is about.
   */
  readonly host: string | null
}

/**
 * What every event has.
 */
export interface Line {
  /**
   * Version of the stream.
   */
  readonly v: 1
  /**
   * Position in the run, from 0, without gaps.
   */
  readonly seq: number
  /**
   * When (RFC 3339, UTC, milliseconds).
   */
  readonly at: string
  /**
   * The run.
   */
  readonly run: string
  /**
   * Which fact.
   */
  readonly type: string
  /**
   * The fact in words, enough alone.
   */
  readonly message: string
}
/**
 * A wave and those of its hosts that the run is about.
 */
export interface SelectedWave {
  /**
   * The wave.
   */
  readonly name: string
  /**
   * Selected hosts.
   */
  readonly hosts: readonly string[]
}
/**
 * Safeguards that the command line overrode, and why.
 */
export interface Overrides {
  /**
   * --max-parallel instead of the waves’ own: a number or a percentage; null: not passed.
   */
  readonly maxParallel: number | string | null
  /**
   * --max-failures instead of the waves’ own; null: not passed.
   */
  readonly maxFailures: number | string | null
  /**
   * --skip-bake: no wave bakes.
   */
  readonly skipBake: boolean
  /**
   * --out-of-order: earlier waves were not checked.
   */
  readonly outOfOrder: boolean
  /**
   * --force-stale: hosts that are changed although they changed since the plan.
   */
  readonly forceStale: readonly string[]
  /**
   * --mode instead of each host’s own `mode`; null: not given. The plan keeps its digest.
   */
  readonly mode: 'switch' | 'boot' | 'test' | null
  /**
   * --until copy: systems are built, copied and protected, and none is activated; null: not given.
   */
  readonly until: 'copy' | null
  /**
   * --reactivate: hosts that are activated though they run their planned system.
   */
  readonly reactivate: readonly string[]
  /**
   * --reason; null where none was needed.
   */
  readonly reason: string | null
}
/**
 * Hosts of the selection by ending.
 */
export interface Counts {
  /**
   * Changed and healthy.
   */
  readonly changed: number
  /**
   * Changed and healthy, then rolled back with their wave or run.
   */
  readonly reverted: number
  /**
   * Ran the planned system already.
   */
  readonly unchanged: number
  /**
   * Failed, stale, rolled back or unknown; also hosts whose rollback failed.
   */
  readonly failed: number
  /**
   * Of those, rolled back to their recorded system.
   */
  readonly rolledBack: number
  /**
   * Of those, state unknown.
   */
  readonly unknown: number
  /**
   * Unreachable, with `onUnreachable: skip`.
   */
  readonly skipped: number
  /**
   * Left alone because the run ended before their turn.
   */
  readonly notStarted: number
  /**
   * Of the unchanged, those that have all they need and were not activated (--until copy); absent: none.
   */
  readonly prepared?: number
}
