import { tellFailure } from '../model/failure.ts'
import type { ChangedHost, Failure } from '../model/plan-schema.ts'
import type { Observation } from '../model/system.ts'
import type { EngineAnswer } from '../ports/engine.ts'
import { reached } from './change.ts'
import { check } from './check-host.ts'
import { begin, fail, finish, type HostPorts, type HostTask } from './host-task.ts'
import { observeSettled } from './observe-settled.ts'
import { engineOf, engineTask } from './prepare.ts'
import { rollBack } from './roll-back.ts'

/**
 * Changes one prepared host and stays with it to its ending. The engine's word is a hint; the host is asked afterwards,
 * always. `before` is what the host said while it was prepared.
 */
export async function rollOut(
  task: HostTask,
  before: Observation,
  ports: HostPorts,
  signal: AbortSignal,
): Promise<void> {
  const { name, wave, planned } = task
  if (planned.action !== 'change') throw new Error(`bug: ${name} is ${planned.action} and was started`)
  task.emit({
    type: 'host.started',
    host: name,
    wave: wave.name,
    from: planned.from.system,
    to: planned.to.system,
    message: `${name}: started`,
  })
  if (!task.isRecorded()) return unrecorded(task)
  begin(task, 'activate', `${name}: activating ${planned.to.system}`)
  const began = ports.clock.now()
  const answer = await engineOf(task, ports).activate(engineTask(task, planned, before, 'activate'), signal)
  if (answer.how === 'done') finish(task, 'activate', `${name}: activated`)
  begin(task, 'verify', `${name}: asking what it runs now`)
  const found = await observeSettled(task, answer, began, ports, signal)
  if (!found.ok) return unknown(task, before, found.failure)
  await judge(task, planned, before, answer, found.value, ports, signal)
}

/** Its start is not on disk: a host that is changed without a record would be a riddle to whoever picks this up. */
function unrecorded({ name, wave, emit }: HostTask): void {
  const reason = 'its start could not be recorded; nothing was changed on it'
  emit({ type: 'host.cancelled', host: name, wave: wave.name, reason, message: `${name} cancelled: ${reason}` })
}

/** Tells activated, unchanged, half-way and elsewhere apart, and ends the host accordingly. */
async function judge(
  task: HostTask,
  planned: ChangedHost,
  before: Observation,
  answer: EngineAnswer,
  now: Observation,
  ports: HostPorts,
  signal: AbortSignal,
): Promise<void> {
  const isThere = reached(planned, now, planned.to)
  const isBack = now.system === before.system && now.profile === before.profile
  if (isThere && (answer.how === 'done' || answer.how === 'lost')) {
    finish(task, 'verify', `${task.name} runs what was planned (verified)`)
    return health(task, planned, before, now, ports, signal)
  }
  if (answer.how === 'refused' && isThere) return overtaken(task, now)
  if (answer.how === 'refused' || (isBack && now.generation === before.generation))
    return untouched(task, before, answer, now)
  const [code, reason] = reasonOf(answer, isThere)
  await takeBack(task, planned, before, now, { step: 'activate', code, reason }, ports, signal)
}

/** The engine did nothing because another run had done it already: not ours to praise, and not ours to take back. */
function overtaken(task: HostTask, now: Observation): void {
  const reason = `another run brought it to its planned system, ${now.system}`
  task.emit({
    type: 'host.skipped',
    host: task.name,
    wave: task.wave.name,
    cause: 'converged',
    reason,
    message: `${task.name} skipped: ${reason}`,
  })
}

/** This run changed nothing: the engine refused, or ended without effect. */
function untouched(task: HostTask, before: Observation, answer: EngineAnswer, now: Observation): void {
  if (answer.how === 'refused' && answer.failure.code === 'activate/stale') {
    const reason = `moved since it was asked: ${answer.failure.detail}`
    return task.emit({
      type: 'host.stale',
      host: task.name,
      wave: task.wave.name,
      expected: before.system,
      observed: now.system,
      reason,
      message: `${task.name} is stale: ${reason}; not touched`,
    })
  }
  const [code, reason] =
    answer.how === 'done'
      ? ['activate/no-effect', 'the engine reported success and the host did not change']
      : [answer.failure.code, tellFailure(answer.failure)]
  const where = now.system === before.system ? 'it still runs its old system' : `it runs ${now.system}`
  fail(task, 'activate', code, `${reason}; ${where} (verified)`, false, now)
}

function reasonOf(answer: EngineAnswer, isThere: boolean): readonly [string, string] {
  if (answer.how === 'done')
    return ['activate/half-way', 'the engine reported success and the host runs something else than planned']
  const where = isThere ? '' : ', half-way'
  return [answer.failure.code, `${tellFailure(answer.failure)}${where}`]
}

async function health(
  task: HostTask,
  planned: ChangedHost,
  before: Observation,
  now: Observation,
  ports: HostPorts,
  signal: AbortSignal,
): Promise<void> {
  const { name, wave } = task
  begin(task, 'check', `${name}: checking its health`)
  const found = await check(task, before.failedUnits, 'after', ports, signal)
  if (signal.aborted)
    return unknown(task, now, { code: 'check/aborted', summary: 'stopped before its checks had ended', detail: '' })
  switch (found.health) {
    case 'healthy':
      finish(task, 'check', `${name}: healthy`)
      return task.emit({
        type: 'host.succeeded',
        host: name,
        wave: wave.name,
        system: now.system,
        profile: now.profile,
        generation: now.generation,
        message: `${name} runs ${now.system} and is healthy (verified)`,
      })
    case 'inconclusive':
      return unknown(task, now, {
        code: 'check/inconclusive',
        summary: `check ${found.check} could not measure`,
        detail: found.message,
      })
    case 'unhealthy':
      return takeBack(
        task,
        planned,
        before,
        now,
        { step: 'check', code: 'check/unhealthy', reason: `check ${found.check} failed: ${found.message}` },
        ports,
        signal,
      )
  }
}

interface Trouble {
  readonly step: 'activate' | 'check'
  readonly code: string
  readonly reason: string
}

/** Rolls back as the wave says, or leaves the host as it is and says so. */
async function takeBack(
  task: HostTask,
  planned: ChangedHost,
  before: Observation,
  now: Observation,
  trouble: Trouble,
  ports: HostPorts,
  signal: AbortSignal,
): Promise<void> {
  const { step, code, reason } = trouble
  const isWanted = task.wave.rollback !== 'none' && (step === 'check' || planned.settings.activation.autoRollback)
  if (isWanted && !signal.aborted) return rollBack(task, planned, before, trouble, ports, signal)
  const why = signal.aborted ? 'the run was stopped' : 'rolling back is switched off'
  fail(task, step, code, `${reason}; left as it is: ${why}`, true, now)
}

function unknown(task: HostTask, before: Observation, { code, summary, detail }: Failure): void {
  const reason = tellFailure({ summary, detail })
  const { note } = task.planned.settings
  task.emit({
    type: 'host.unknown',
    host: task.name,
    wave: task.wave.name,
    step: 'verify',
    code,
    reason,
    lastKnown: before.system,
    message: `${task.name}: state UNKNOWN, last known ${before.system}: ${reason}${note === null ? '' : `. ${note}`}`,
  })
}
