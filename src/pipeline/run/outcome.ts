import { followsFrom } from '../../model/codes/codes.ts'
import { type Ending, isFailure, isInconclusive, isTouched } from '../../model/run/event.ts'
import type { HostReverted, RunFinished } from '../../model/run/event-schema.ts'
import { countRun, isLeftChanged } from '../../model/run/run-summary.ts'
import type { RunState, WaveRun } from '../../model/run/run.ts'

/** The `signal` of a run that stops because its journal cannot be written. */
export const lostJournal = 'a lost journal'

/** How a run ended, as far as it is decided by what happened in it. */
export type Conclusion = Pick<RunFinished, 'outcome' | 'exitCode' | 'reason' | 'changedHosts' | 'counts'>

type Verdict = Pick<Conclusion, 'outcome' | 'exitCode' | 'reason'>

/** Folds what happened into outcome, exit code and reason; of several exit codes the first of 130/143, 3, 4, 5, 6, 1 counts. */
export function conclude(run: RunState): Conclusion {
  const hosts = [...run.hosts.values()]
  const changedHosts = hosts.filter(isLeftChanged).map(({ host }) => host)
  return { ...verdict(run), changedHosts, counts: countRun(run) }
}

function verdict(run: RunState): Verdict {
  const hosts = [...run.hosts.values()]
  const endings = hosts.flatMap(({ ending }) => (ending === null ? [] : [ending]))
  const touched = endings.some(isTouched)
  if (run.signal === lostJournal) return lost(touched)
  if (run.signal !== null) return interrupted(run, run.signal)
  const failures = endings.filter((ending) => isFailure(ending) && !isInconclusive(ending))
  const halted = run.waves.filter((wave) => wave.halted !== null)
  if (touched && (failures.length > 0 || halted.length > 0 || run.stopped !== null))
    return { outcome: 'failed', exitCode: 3, reason: whatFailed(run, failures, halted) }
  const paused = run.waves.find(({ phase }) => phase === 'paused')
  if (paused !== undefined) return { outcome: 'paused', exitCode: 4, reason: whyPaused(paused) }
  const inconclusive = endings.filter(isInconclusive)
  if (inconclusive.length > 0)
    return { outcome: 'paused', exitCode: 4, reason: `health unknown: ${listed(inconclusive)}` }
  if (failures.length > 0 || halted.length > 0 || run.stopped !== null) return untouched(run, failures, halted)
  if (endings.length > 0 && endings.every(isConverged))
    return { outcome: 'no-changes', exitCode: 0, reason: 'every selected host runs its planned system' }
  const isPrepared = run.overrides.until === 'copy'
  const reason = isPrepared ? 'every selected host is prepared; none was activated' : 'every selected host has a result'
  return { outcome: 'complete', exitCode: 0, reason }
}

function lost(touched: boolean): Verdict {
  const reason = `the journal could not be written${touched ? '' : '; nothing was changed'}`
  return { outcome: 'failed', exitCode: touched ? 3 : 1, reason }
}

function interrupted(run: RunState, signal: string): Verdict {
  const loud = notTakenBack(run)
  const reason = [...loud, `interrupted by ${signal}`].join('; ')
  return { outcome: 'interrupted', exitCode: signal === 'SIGTERM' ? 143 : 130, reason }
}

/** What could not be rolled back comes first: it is what somebody must look at now. */
function whatFailed(run: RunState, failures: readonly Ending[], halted: readonly WaveRun[]): string {
  const own =
    failures.length > 0 ? [listed(failures)] : halted.map(({ name, halted: why }) => `wave ${name} halted: ${why}`)
  return [...notTakenBack(run), ...own, ...(run.stopped === null ? [] : [run.stopped.reason])].join('; ')
}

function notTakenBack(run: RunState): readonly string[] {
  const bad = [...run.hosts.values()].flatMap(({ reverted }): readonly HostReverted[] =>
    reverted === null || reverted.result === 'rolled-back' ? [] : [reverted],
  )
  return bad.length === 0 ? [] : [listed(bad)]
}

/** Nothing was changed: why not says which code. A refusal weighs more than a lock, and a lock more than a mishap. */
function untouched(run: RunState, failures: readonly Ending[], halted: readonly WaveRun[]): Verdict {
  const codes = [...failures.map(codeOf), ...(run.stopped === null ? [] : [followsFrom(run.stopped.code).exitCode])]
  const what = whatFailed(run, failures, halted)
  if (codes.includes(5)) {
    const isStale = failures.length > 0 && failures.every(({ type }) => type === 'host.stale')
    const moved =
      failures.length === 1
        ? 'the host changed since the plan; plan again. '
        : 'every host changed since the plan; plan again. '
    return { outcome: 'refused', exitCode: 5, reason: `${isStale ? moved : ''}${what}` }
  }
  // The sentence of a host that failed says it already.
  const isSaid = failures.some(({ type }) => type === 'host.failed')
  const reason = isSaid ? what : `${what}; nothing was changed`
  return codes.includes(6) ? { outcome: 'refused', exitCode: 6, reason } : { outcome: 'failed', exitCode: 1, reason }
}

function codeOf(ending: Ending): 1 | 5 | 6 {
  if (ending.type === 'host.stale') return 5
  return ending.type === 'host.failed' ? followsFrom(ending.code).exitCode : 1
}

function whyPaused({ name, paused, startedAt }: WaveRun): string {
  if (paused?.cause === 'approval') return `wave ${name} waits for approval (${paused.reason}).`
  return startedAt === null ? `wave ${name} did not start: ${paused?.reason}.` : `wave ${name}: ${paused?.reason}.`
}

/** Messages of a few, and a number for the rest. */
function listed(events: readonly { readonly message: string }[]): string {
  const named = events.slice(0, 5).map(({ message }) => message)
  return [...named, ...(events.length > 5 ? [`and ${events.length - 5} more`] : [])].join('; ')
}

function isConverged(ending: Ending): boolean {
  return ending.type === 'host.skipped' && ending.cause === 'converged'
}
