import { statSync } from 'node:fs'
import { later } from '../../clock.ts'
import { type LoggedProcess, startLogged } from '../../process.ts'
import type { Clock } from '../../../ports/clock.ts'
import { classify, type Verdict } from './classify.ts'
import { followLog, type LogFollower } from './follow-log.ts'
import { linesOf, logLines } from './log-line.ts'
import { Progress } from './phase.ts'

/** One run of `deploy`. */
export interface DeployRun {
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string | undefined>>
  /** Its output, which outlives fleet. */
  readonly log: string
  /** The only store path that it may deploy. */
  readonly path: string
  readonly limits: DeployLimits
  readonly clock: Clock
  readonly onLine: (raw: string) => void
}

/** Milliseconds. */
export interface DeployLimits {
  readonly evaluation: number
  /** Without a word while it builds and copies. */
  readonly silence: number
  /** From the beginning of an activation to the end of a rollback. */
  readonly activation: number
}

/** How a run ended, and why fleet ended it where it did. */
export interface DeployEnd {
  readonly verdict: Verdict
  readonly stopped: 'aborted' | 'timed-out' | 'other-path' | null
  readonly mayHaveChanged: boolean
  /** Something of it was still at work on the host when fleet stopped waiting. */
  readonly isLeft: boolean
}

/** Milliseconds between SIGTERM and SIGKILL; and after that, until what the kernel does not let go of is left alone. */
const patience = 2_000
/** Milliseconds between two looks at what an ended `deploy` has left behind. */
const pause = 200

/**
 * Runs `deploy` as it can be run safely: its result is its own exit, whoever holds its streams; once the host may be
 * changing, nothing but `deploy` itself is ever ended, since an activation that loses its connection neither ends well nor
 * rolls back (serokell/deploy-rs#57, #153, #390).
 */
export async function runDeploy(run: DeployRun, signal: AbortSignal): Promise<DeployEnd> {
  // Before it writes: an earlier try may have left its words there.
  const from = sizeOf(run.log)
  const child = startLogged({ program: 'deploy', args: run.args, env: run.env }, run.log)
  const progress = new Progress()
  const stopper = new Stopper(child, run.clock)
  const watchdog = new Watchdog(run.limits, run.clock, () => stopper.stop('timed-out'))
  const follower = followLog(run.log, from, run.clock, (raw) => {
    for (const line of linesOf(raw)) progress.read(line)
    run.onLine(raw)
    if (progress.paths.some((path) => path !== run.path)) stopper.stop('other-path')
    watchdog.heard(progress)
  })
  const onAbort = () => stopper.stop('aborted')
  signal.addEventListener('abort', onAbort, { once: true })
  if (signal.aborted) onAbort()
  follower.start()
  const end = await child.exited
  signal.removeEventListener('abort', onAbort)
  watchdog.close()
  stopper.close()
  await follower.catchUp()
  const isLeft = await leave({ run, child, follower, progress, stopped: stopper.cause }, end)
  await follower.stop()
  const verdict = classify(follower.text, end)
  return { verdict, stopped: stopper.cause, mayHaveChanged: progress.mayHaveChanged, isLeft }
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0
}

/** A `deploy` that has ended, and what watched it. */
interface EndedDeploy {
  readonly run: DeployRun
  readonly child: LoggedProcess
  readonly follower: LogFollower
  readonly progress: Progress
  readonly stopped: DeployEnd['stopped']
}

/** Deals with what an ended `deploy` has left behind; true where it was left alone and is still there. */
async function leave(
  { run: { limits, clock }, child, follower, progress, stopped }: EndedDeploy,
  end: { readonly how: string; readonly code?: number },
): Promise<boolean> {
  if (end.how === 'not-started' || !child.isGroupAlive()) return false
  if (!progress.mayHaveChanged) return endGroup(child, clock)
  const exitedWell = end.how === 'exited' && end.code === 0
  const verdict = classify(follower.text, { how: 'exited', code: exitedWell ? 0 : 1 })
  // `Activating over SSH …`: the activation is over, and only the one who waits for it is left (#49, #137, #222).
  if (stopped === null && !verdict.isWaitLost && end.how === 'exited') return endGroup(child, clock)
  // Whoever interrupts does not want to wait; what is left goes on and ends by itself.
  if (stopped === 'aborted') return true
  const until = clock.now() + limits.activation
  while (child.isGroupAlive()) {
    if (clock.now() > until) return true
    if (hasEnded(follower.text)) return endGroup(child, clock)
    await clock.sleep(pause, never)
    await follower.catchUp()
  }
  return false
}

/** Whether the host's own program has said its last word. */
function hasEnded(log: string): boolean {
  return logLines(log).some(
    ({ speaker, level, text }) =>
      speaker === 'activate' && level === 'ERROR' && !text.startsWith('Could not send file system event'),
  )
}

/** Ends all of a group, as far as that is possible: true where some of it is still there, as what another user owns is. */
async function endGroup(child: LoggedProcess, clock: Clock): Promise<boolean> {
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    child.signal('group', signal)
    const until = clock.now() + patience
    while (child.isGroupAlive()) {
      if (clock.now() > until) break
      await clock.sleep(pause / 4, never)
    }
    if (!child.isGroupAlive()) return false
  }
  return true
}

/** What is ended here takes no longer for an interrupt. */
const never = new AbortController().signal

/** Ends `deploy` itself and nothing else: whether its children may go, too, is known when it says no more. */
class Stopper {
  cause: DeployEnd['stopped'] = null
  readonly #child: LoggedProcess
  readonly #clock: Clock
  #forget = () => {}

  constructor(child: LoggedProcess, clock: Clock) {
    this.#child = child
    this.#clock = clock
  }

  stop(cause: NonNullable<DeployEnd['stopped']>): void {
    if (this.cause !== null) return
    this.cause = cause
    this.#child.signal('program', 'SIGTERM')
    this.#forget = later(this.#clock, patience, () => this.#child.signal('program', 'SIGKILL'))
  }

  close(): void {
    this.#forget()
  }
}

/** Fires when a phase takes too long. */
class Watchdog {
  readonly #limits: DeployLimits
  readonly #clock: Clock
  readonly #onTimeout: () => void
  #forget: () => void
  #isActivating = false

  constructor(limits: DeployLimits, clock: Clock, onTimeout: () => void) {
    this.#limits = limits
    this.#clock = clock
    this.#onTimeout = onTimeout
    this.#forget = later(clock, limits.evaluation, onTimeout)
  }

  heard({ phase, mayHaveChanged }: Progress): void {
    if (phase === 'starting' || phase === 'evaluating' || this.#isActivating) return
    this.#isActivating = mayHaveChanged
    this.#forget()
    this.#forget = later(this.#clock, mayHaveChanged ? this.#limits.activation : this.#limits.silence, this.#onTimeout)
  }

  close(): void {
    this.#forget()
  }
}
