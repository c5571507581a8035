import { type Ending, isChanged, isFailure, isTouched } from '../model/event.ts'
import type { RunFinished } from '../model/event-schema.ts'
import { countRun, type RunState } from '../model/run.ts'

/** The `signal` of a run that stops because its journal cannot be written. */
export const lostJournal = 'a lost journal'

/** How a run ended, as far as it is decided by what happened in it. */
export type Conclusion = Pick<RunFinished, 'outcome' | 'exitCode' | 'reason' | 'changedHosts' | 'counts'>

/** Folds what happened into outcome, exit code and reason (contract §3: 130/143 > 3 > 4 > 5 > 6 > 1). */
export function conclude(run: RunState): Conclusion {
  const endings = [...run.hosts.values()].flatMap(({ ending }) => (ending === null ? [] : [ending]))
  const counts = countRun(run)
  const changedHosts = endings.filter(isChanged).map(({ host }) => host)
  return { ...verdict(run, endings), changedHosts, counts }
}

function verdict(run: RunState, endings: readonly Ending[]): Pick<Conclusion, 'outcome' | 'exitCode' | 'reason'> {
  if (run.signal === lostJournal) return lost(endings)
  if (run.signal !== null)
    return {
      outcome: 'interrupted',
      exitCode: run.signal === 'SIGTERM' ? 143 : 130,
      reason: `interrupted by ${run.signal}`,
    }
  const failures = endings.filter(isFailure)
  const [first] = failures
  if (first !== undefined) return failed(failures, endings.some(isTouched))
  const paused = run.waves.find(({ phase }) => phase === 'paused')
  if (paused !== undefined)
    return { outcome: 'paused', exitCode: 4, reason: `wave ${paused.name} waits for a person (promotion: manual).` }
  if (endings.every(({ type }) => type === 'host.skipped') && endings.length > 0 && !endings.some(isUnreachable))
    return { outcome: 'no-changes', exitCode: 0, reason: 'every selected host runs its planned system' }
  return { outcome: 'complete', exitCode: 0, reason: 'every selected host has been dealt with' }
}

function lost(endings: readonly Ending[]): Pick<Conclusion, 'outcome' | 'exitCode' | 'reason'> {
  const touched = endings.some(isTouched)
  const reason = `the journal could not be written${touched ? '' : '; nothing was changed'}`
  return { outcome: 'failed', exitCode: touched ? 3 : 1, reason }
}

function failed(failures: readonly Ending[], touched: boolean): Pick<Conclusion, 'outcome' | 'exitCode' | 'reason'> {
  const reason = failures.map(({ message }) => message).join('; ')
  if (failures.every((ending) => ending.type === 'host.unknown' && ending.code === 'check/inconclusive'))
    return { outcome: 'paused', exitCode: 4, reason: `health could not be measured: ${reason}` }
  if (touched) return { outcome: 'failed', exitCode: 3, reason }
  if (failures.every(({ type }) => type === 'host.stale'))
    return {
      outcome: 'refused',
      exitCode: 5,
      reason: `${failures.length === 1 ? 'the host' : 'every host'} moved since the plan; plan again. ${reason}`,
    }
  return { outcome: 'failed', exitCode: 1, reason: `${reason}; nothing was changed` }
}

function isUnreachable(ending: Ending): boolean {
  return ending.type === 'host.skipped' && ending.cause === 'unreachable'
}
