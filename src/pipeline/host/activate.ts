import type { AnyCode } from '../../model/codes/codes.ts'
import { tellFailure } from '../../model/run/failure.ts'
import type { Failure } from '../../model/plan/plan-schema.ts'
import type { Found, Observation } from '../../model/host/system.ts'
import type { EngineAnswer } from '../../ports/engine.ts'
import { check } from './check-host.ts'
import { fateOf } from './outcome.ts'
import { begin, cancelled, engineTask, fail, finish, type HostPorts, type HostTask } from './task.ts'
import type { Journey } from './journey.ts'
import { lookAgain } from './recheck.ts'
import { observeSettled } from './observe-host.ts'
import { staleness } from './preflight.ts'
import { type Prepared, wayBackOf } from './prepare.ts'
import { rebootWhenNeeded } from './reboot/reboot-when-needed.ts'
import { repairOf } from './activation-engine.ts'
import { type Cause, concludeBack, rollBack, wayBack } from './roll-back.ts'
import { stayed } from './confirm-healthy.ts'
import { moved, overtaken, unknown, unrecorded, untouched } from './end.ts'

/**
 * Changes one prepared host and stays with it to its ending. The engine's word is a hint; the host is asked afterwards,
 * always. Its lock is given back at the end, and what protected its old system with it.
 */
export async function rollOut(
  task: HostTask,
  prepared: Prepared,
  ports: HostPorts,
  signal: AbortSignal,
): Promise<void> {
  const { planned } = task
  if (planned.action !== 'change') throw new Error(`bug: ${task.name} is ${planned.action} and was started`)
  let isUnknown = false
  const emit: HostTask['emit'] = (fact) => {
    isUnknown ||= fact.type === 'host.unknown'
    task.emit(fact)
  }
  try {
    await travel({ task: { ...task, emit }, planned, prepared, ports, signal })
  } finally {
    // Where the way back may still be taken, by us or by the host itself, it stays protected until the next run.
    const roots = task.mayRevert || isUnknown ? 'keep' : 'drop'
    await prepared.hold.release(roots)
    if (roots === 'drop') await Promise.all([task.root, wayBackOf(task)].map((root) => ports.roots.remove(root)))
  }
}

async function travel(journey: Journey): Promise<void> {
  const { task, planned, prepared, ports, signal } = journey
  const { name, wave } = task
  task.emit({
    type: 'host.started',
    host: name,
    wave: wave.name,
    from: prepared.before.system,
    fromProfile: prepared.before.profile,
    fromGeneration: prepared.before.generation,
    forced: staleness(prepared.before, planned.from) !== null,
    to: planned.to.system,
  })
  if (!task.isRecorded()) return unrecorded(task)
  const gate = await task.mayStart()
  if (gate.decision === 'stopped') return void cancelled(task)
  if (gate.decision === 'refuse')
    return fail(task, 'preflight', 'hook/refused', `refused by a hook: ${gate.reason}`, false, prepared.before)
  const before = await lookAgain(journey)
  if (before === null) return
  begin(task, 'activate', { path: planned.to.system })
  const began = ports.clock.now()
  const engine = repairOf(task, planned, before, ports)
  const answer = await engine.activate(engineTask(task, planned, before, 'activate'), signal)
  if (answer.how === 'done') finish(task, 'activate')
  begin(task, 'verify')
  const found = await look(journey, answer, began)
  if (!found.ok) return unknown(task, before, found.failure)
  await judge({ ...journey, prepared: { ...prepared, before } }, answer, found.value)
}

/** What the host runs once it is at rest. A lock that was lost is taken again first: nothing is believed without it. */
async function look(
  { task, prepared: { hold }, ports, signal }: Journey,
  answer: EngineAnswer,
  began: number,
): Promise<Found<Observation>> {
  const found = await observeSettled(task, answer, began, ports, signal)
  if (!found.ok || !hold.isLost || signal.aborted) return found
  const again = await hold.again(signal)
  if (!again.ok) return again
  return observeSettled(task, { how: 'done' }, began, ports, signal)
}

async function judge(journey: Journey, answer: EngineAnswer, now: Observation): Promise<void> {
  const { task, planned, prepared, ports, signal } = journey
  const { before } = prepared
  const cause = causeOf(answer)
  const left = (code: AnyCode, reason: string) => fail(task, 'activate', code, reason, true, now)
  switch (fateOf(planned, before, answer, now)) {
    case 'arrived':
      finish(task, 'verify', planned.settings.mode === 'boot' ? 'next-boot' : 'as-planned')
      return settle({ ...journey, isConfirmed: answer.how === 'done' && answer.confirmed === true }, now)
    case 'overtaken':
      return overtaken(task, now)
    case 'moved':
      return moved(task, before, now, cause.detail)
    case 'refused':
      return untouched(task, before, now, cause)
    case 'back':
      if (answer.how === 'failed' && answer.failure.code === 'activate/not-back')
        return fail(task, 'roll-back', 'roll-back/failed', notCleanlyBack(cause, now), true, now)
      return concludeBack(task, wayBack(prepared), now, backCause(answer, cause), ports, signal)
    case 'arrived-failing':
      return takeBack(journey, now, { ...cause, reason: cause.reason })
    case 'half-way':
      return takeBack(
        journey,
        now,
        answer.how === 'done'
          ? {
              ...cause,
              code: 'activate/half-way',
              reason: 'the engine reported success, but the host does not run its planned system',
            }
          : { ...cause, reason: `${cause.reason}; the host is half-way between two systems` },
      )
    case 'too-far':
      return setBack(journey, now, cause)
    case 'raced':
      return left(
        'activate/raced',
        `its system profile was changed from elsewhere meanwhile: generation ${now.generation}, after ${before.generation}; it runs its planned system, and is left as it is`,
      )
    case 'elsewhere':
      return left(
        'activate/overtaken',
        `it was changed from elsewhere meanwhile: its system profile is ${now.profile ?? 'missing'} (generation ${now.generation}), neither the old nor the planned one; left as it is`,
      )
  }
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

/** Its paths are the old ones, and the activation of the old system failed: half of it may be missing, and no second try is made. */
function notCleanlyBack({ reason }: Cause, { system }: Observation): string {
  return `${reason}; the host runs ${system} again, but the activation of that system failed: the rollback is incomplete`
}

/** Why a host is back where it was without our doing. */
function backCause(answer: EngineAnswer, cause: Trouble): Cause {
  if (answer.how === 'failed') return cause
  return answer.how === 'done'
    ? {
        ...cause,
        code: 'activate/went-back',
        reason: 'the engine reported success, but the host runs its previous system',
      }
    : { ...cause, reason: `${cause.reason}; the host runs its previous system` }
}

/** Reboots it where that is wanted, then checks it. */
async function settle(journey: Journey, now: Observation): Promise<void> {
  const booted = await rebootWhenNeeded(journey, now)
  if (booted !== null) await health({ ...journey, isConfirmed: journey.isConfirmed === true && booted === now }, booted)
}

async function health(journey: Journey, now: Observation): Promise<void> {
  const { task, prepared, ports, signal } = journey
  begin(task, 'check')
  const found = await check(task, prepared.before.failedUnits, 'after', ports, signal, prepared.failing)
  if (signal.aborted)
    return unknown(task, now, { code: 'check/aborted', summary: 'interrupted before its checks had ended', detail: '' })
  switch (found.health) {
    case 'healthy':
      finish(task, 'check')
      return stayed(journey, now)
    case 'inconclusive': {
      const failure: Failure = {
        code: 'check/inconclusive',
        summary: `check ${found.check} gave no result`,
        detail: found.message,
      }
      return unknown(task, now, failure)
    }
    case 'unhealthy': {
      const reason = `check ${found.check} failed: ${found.message}`
      return takeBack(journey, now, { step: 'check', code: 'check/unhealthy', reason })
    }
  }
}

/** Rolls back as the wave says, or leaves the host as it is and says so. */
async function takeBack(journey: Journey, now: Observation, cause: Cause): Promise<void> {
  const { task, planned, prepared, ports, signal } = journey
  const isWanted = task.wave.rollback !== 'none' && (cause.step === 'check' || planned.settings.activation.autoRollback)
  if (!isWanted || signal.aborted) {
    const why = signal.aborted ? 'the run was interrupted' : 'rollback is switched off'
    return fail(task, cause.step, cause.code, `${cause.reason}; left as it is: ${why}`, true, now)
  }
  const held = await prepared.hold.again(signal)
  if (!held.ok) return notHeld(task, now, cause, held.failure)
  return rollBack(task, planned, wayBack(prepared), cause, ports, signal)
}

/** Without its lock a host is not touched, whatever state it is in. */
function notHeld(task: HostTask, now: Observation, cause: Cause, failure: Failure): void {
  const reason = `${cause.reason}; not rolled back: the host lock was lost and could not be taken again: ${tellFailure(failure)}`
  fail(task, 'roll-back', 'roll-back/locked', reason, true, now)
}

/**
 * The engine went back further than to where the host was: a state that nobody asked for, so that it is set right whatever
 * the wave says of rolling back. It stays a failure of its own, since a good generation may be gone.
 */
async function setBack(journey: Journey, found: Observation, cause: Cause): Promise<void> {
  const { task, planned, prepared, ports, signal } = journey
  const far = `${cause.reason}; the engine rolled back too far, to ${found.profile ?? 'no profile'}`
  if (signal.aborted)
    return fail(
      task,
      'activate',
      'activate/over-rollback',
      `${far}; left as it is: the run was interrupted`,
      true,
      found,
    )
  const held = await prepared.hold.again(signal)
  if (!held.ok) return notHeld(task, found, { ...cause, reason: far }, held.failure)
  const emit: HostTask['emit'] = (fact) => {
    if (fact.type !== 'host.rolled-back') return task.emit(fact)
    const reason = `${far}; set back to ${prepared.before.profile ?? prepared.before.system} (verified)`
    fail(task, 'activate', 'activate/over-rollback', reason, true, { system: fact.system ?? '', profile: fact.profile })
  }
  await rollBack({ ...task, emit }, planned, wayBack(prepared), { ...cause, reason: far }, ports, signal)
}
