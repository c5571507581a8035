import type { AnyCode } from '../../model/codes/codes.ts'
import { isRebootOnly } from '../../model/host/converged.ts'
import { failure, tellFailure } from '../../model/failure.ts'
import type { Failure } from '../../model/plan/plan-schema.ts'
import type { Found, Observation } from '../../model/host/system.ts'
import type { EngineAnswer } from '../../ports/engine.ts'
import { checkHost } from './check-host.ts'
import { confirmHealthy } from './confirm-healthy.ts'
import { cancelled, converged, fail, stale, unknown, unrecorded } from './end.ts'
import { activationEngine, engineTask } from './engine.ts'
import type { Journey } from './journey.ts'
import { observeAtRest } from './observe-host.ts'
import { isRolledBack, outcomeOf } from './outcome.ts'
import { staleness } from './preflight.ts'
import { oldSystemRoot } from './protect.ts'
import { rebootWhenNeeded } from './reboot/reboot-when-needed.ts'
import { movedReason, overtakenReason, recheck } from './recheck.ts'
import { type Cause, endRolledBack, rollBack } from './roll-back.ts'
import { begin, finish, type HostTask } from './task.ts'

/**
 * Changes one prepared host and stays with it to its ending. The engine's word is a hint; the host is observed afterwards,
 * always. Its lock is given back at the end, and what protected its old system with it.
 */
export async function activate(journey: Journey): Promise<void> {
  const { task, lock, ports } = journey
  let isUnknown = false
  const emit: HostTask['emit'] = (fact) => {
    isUnknown ||= fact.type === 'host.unknown'
    task.emit(fact)
  }
  try {
    await start({ ...journey, task: { ...task, emit } })
  } finally {
    // Where a rollback may still come, by us or by the host itself, its old system stays protected until the next run.
    const roots = task.mayRollBack || isUnknown ? 'keep' : 'drop'
    await lock.release(roots)
    if (roots === 'drop') await Promise.all([task.root, oldSystemRoot(task)].map((root) => ports.roots.remove(root)))
  }
}

async function start(journey: Journey): Promise<void> {
  const { task, planned, before } = journey
  task.emit({
    type: 'host.started',
    host: task.name,
    wave: task.wave.name,
    from: before.system,
    fromProfile: before.profile,
    fromGeneration: before.generation,
    forced: staleness(before, planned.from) !== null,
    to: planned.to.system,
  })
  if (!task.record()) return unrecorded(task)
  const gate = await task.mayStart()
  if (gate.decision === 'stopped') return void cancelled(task)
  if (gate.decision === 'refuse') {
    const reason = `refused by a hook: ${gate.reason}`
    return fail(task, { step: 'preflight', code: 'hook/refused', reason, touched: false, now: before })
  }
  const rechecked = await recheck(journey)
  if (rechecked === null) return
  const onward = { ...journey, before: rechecked }
  await (isRebootOnly(planned) ? bringUp(onward, rechecked, false) : switchOver(onward))
}

/** Has the engine activate the planned system, and observes what came of it. */
async function switchOver(journey: Journey): Promise<void> {
  const { task, planned, before, ports, signal } = journey
  begin(task, 'activate', { path: planned.to.system })
  const began = ports.clock.now()
  const answer = await activationEngine(journey).activate(engineTask(journey, 'activate'), signal)
  if (answer.how === 'done') finish(task, 'activate')
  begin(task, 'verify')
  const found = await verify(journey, answer, began)
  if (!found.ok) return unknown(task, before, found.failure)
  await judge(journey, answer, found.value)
}

/** What the host runs once it is at rest. A lock that was lost is taken again first: nothing is believed without it. */
async function verify(journey: Journey, answer: EngineAnswer, began: number): Promise<Found<Observation>> {
  const { lock, signal } = journey
  const found = await observeAtRest(journey, answer, began)
  if (!found.ok || !lock.isLost || signal.aborted) return found
  const held = await lock.reacquire(signal)
  return held.ok ? observeAtRest(journey, { how: 'done' }, began) : held
}

async function judge(journey: Journey, answer: EngineAnswer, now: Observation): Promise<void> {
  const { task, planned, before } = journey
  const cause = causeOf(answer)
  switch (outcomeOf(journey, answer, now)) {
    case 'arrived':
      finish(task, 'verify', planned.settings.mode === 'boot' ? 'next-boot' : 'as-planned')
      return bringUp(journey, now, answer.how === 'done' && answer.confirmed === true)
    case 'overtaken':
      return converged(task, now, overtakenReason(now))
    case 'moved':
      return stale(task, before, now, movedReason(cause.detail))
    case 'refused':
      return fail(task, { ...cause, reason: `${cause.reason}; ${whereItIs(before, now)}`, touched: false, now })
    case 'rolled-back':
      if (answer.how === 'failed' && answer.failure.code === 'activate/rollback-failed')
        return fail(task, {
          step: 'roll-back',
          code: 'roll-back/failed',
          reason: incompleteReason(cause, now),
          touched: true,
          now,
        })
      return endRolledBack(journey, now, selfRolledBack(answer, cause))
    case 'arrived-failing':
      return rollBackIfWanted(journey, now, cause)
    case 'half-way':
      return rollBackIfWanted(journey, now, halfWay(answer, cause))
    case 'too-far':
      return rollBackTooFar(journey, now, cause)
    case 'raced':
      return leave(
        journey,
        now,
        'activate/raced',
        `the system profile was changed outside this run: generation ${now.generation}, after ${before.generation}; it runs its planned system, and is left as it is`,
      )
    case 'elsewhere':
      return leave(
        journey,
        now,
        'activate/overtaken',
        `the host was changed outside this run: its system profile is ${now.profile ?? 'missing'} (generation ${now.generation}), neither the old nor the planned one; left as it is`,
      )
  }
}

/** Ends a host that was changed outside this run: what others did is not overwritten. */
function leave({ task }: Journey, now: Observation, code: AnyCode, reason: string): void {
  fail(task, { step: 'activate', code, reason, touched: true, now })
}

function whereItIs(before: Observation, { system }: Observation): string {
  return `${system === before.system ? 'it still runs its old system' : `it runs ${system}`} (verified)`
}

interface Trouble extends Cause {
  /** Of the engine's failure alone. */
  readonly detail: string
}

function causeOf(answer: EngineAnswer): Trouble {
  if (answer.how === 'done')
    return { step: 'activate', code: 'activate/done', reason: 'the engine reported success', detail: '' }
  const { code, detail } = answer.failure
  return { step: 'activate', code, reason: tellFailure(answer.failure), detail }
}

function halfWay(answer: EngineAnswer, cause: Cause): Cause {
  return answer.how === 'done'
    ? {
        ...cause,
        code: 'activate/half-way',
        reason: 'the engine reported success, but the host does not run its planned system',
      }
    : { ...cause, reason: `${cause.reason}; the host was half-way between two systems` }
}

/** Its paths are the old ones, and the activation of the old system failed: half of it may be missing, and no second try is made. */
function incompleteReason({ reason }: Cause, { system }: Observation): string {
  return `${reason}; the host runs ${system} again, but the activation of that system failed: the rollback is incomplete`
}

/** Why a host has rolled back without our doing. */
function selfRolledBack(answer: EngineAnswer, cause: Cause): Cause {
  if (answer.how === 'failed') return cause
  return answer.how === 'done'
    ? {
        ...cause,
        code: 'activate/rolled-back',
        reason: 'the engine reported success, but the host runs its previous system',
      }
    : { ...cause, reason: `${cause.reason}; the host runs its previous system` }
}

/** Reboots it where that is wanted, then checks it. `isConfirmed`: the host itself has confirmed its new system. */
async function bringUp(journey: Journey, now: Observation, isConfirmed: boolean): Promise<void> {
  const booted = await rebootWhenNeeded(journey, now)
  if (booted !== null) await checkHealth(journey, booted, isConfirmed && booted === now)
}

async function checkHealth(journey: Journey, now: Observation, isConfirmed: boolean): Promise<void> {
  const { task, before, failing, signal } = journey
  begin(task, 'check')
  const found = await checkHost(journey, 'after', { units: before.failedUnits, checks: failing })
  if (signal.aborted) return unknown(task, now, failure('check/aborted', 'the checks were interrupted', ''))
  switch (found.health) {
    case 'healthy':
      finish(task, 'check')
      return confirmHealthy(journey, now, isConfirmed)
    case 'inconclusive':
      return unknown(task, now, failure('check/no-result', `check ${found.check} gave no result`, found.message))
    case 'unhealthy': {
      const cause: Cause = {
        step: 'check',
        code: 'check/unhealthy',
        reason: `check ${found.check} failed: ${found.message}`,
      }
      return rollBackIfWanted(journey, now, cause)
    }
  }
}

/** Rolls back as the wave and the host's settings say, or leaves the host as it is and says so. */
async function rollBackIfWanted(journey: Journey, now: Observation, cause: Cause): Promise<void> {
  const { task, planned, lock, signal } = journey
  const isWanted = task.wave.rollback !== 'none' && (cause.step === 'check' || planned.settings.activation.autoRollback)
  if (!isWanted || signal.aborted) {
    const why = signal.aborted ? 'the run was interrupted' : 'rollback is switched off'
    return fail(task, { ...cause, reason: `${cause.reason}; left as it is: ${why}`, touched: true, now })
  }
  if (isRebootOnly(planned)) {
    const reason = `${cause.reason}; it was only rebooted, so that there is nothing to roll back to`
    return fail(task, { ...cause, reason, touched: true, now })
  }
  if (isRolledBack(planned.to, journey.before)) {
    const reason = `${cause.reason}; it ran its planned system before, so there is nothing to roll back to`
    return fail(task, { ...cause, reason, touched: true, now })
  }
  const held = await lock.reacquire(signal)
  return held.ok ? rollBack(journey, cause) : notLocked(task, now, cause, held.failure)
}

/** Without its lock a host is not touched, whatever state it is in. */
function notLocked(task: HostTask, now: Observation, cause: Cause, why: Failure): void {
  const reason = `${cause.reason}; not rolled back: the host lock could not be taken again: ${tellFailure(why)}`
  fail(task, { step: 'roll-back', code: 'roll-back/locked', reason, touched: true, now })
}

/**
 * The engine rolled back further than to where the host was: a state that nobody asked for, so that it is set right whatever
 * the wave says of rollbacks. It stays a failure of its own, since a good generation may be gone.
 */
async function rollBackTooFar(journey: Journey, found: Observation, cause: Cause): Promise<void> {
  const { task, before, lock, signal } = journey
  const far = `${cause.reason}; the engine rolled back too far, to ${found.profile ?? 'no profile'}`
  const over = { step: 'activate', code: 'activate/over-rollback', touched: true } as const
  if (signal.aborted)
    return fail(task, { ...over, reason: `${far}; left as it is: the run was interrupted`, now: found })
  const held = await lock.reacquire(signal)
  if (!held.ok) return notLocked(task, found, { ...cause, reason: far }, held.failure)
  const emit: HostTask['emit'] = (fact) => {
    if (fact.type !== 'host.rolled-back') return task.emit(fact)
    const reason = `${far}; restored to ${before.profile ?? before.system} (verified)`
    fail(task, { ...over, reason, now: { system: fact.system ?? '', profile: fact.profile } })
  }
  await rollBack({ ...journey, task: { ...task, emit } }, { ...cause, reason: far })
}
