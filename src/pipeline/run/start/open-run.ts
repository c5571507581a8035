import type { Fact } from '../../../model/run/event.ts'
import type { Failure } from '../../../model/plan/plan-schema.ts'
import { tellFailure } from '../../../model/failure.ts'
import type { HeldFleetLock, LockHolder } from '../../../ports/lock.ts'
import { lockWaiting } from '../../host/lock.ts'
import { askGate } from '../../hooks/gate.ts'
import { buildAhead } from './build-ahead.ts'
import type { Rollout } from '../rollout.ts'

/** What a run holds for as long as it lasts. */
export interface OpenRun {
  /** Gives it back; the stream is still open then. */
  close(): Promise<void>
}

/**
 * All that must hold before a run touches its first host: the fleet lock, the hooks of `before.run`, and everything
 * built. What forbids the run is said as `run.stopped`.
 */
export async function openRun(rollout: Rollout): Promise<OpenRun> {
  const { stream } = rollout
  const mayGoOn = () => stream.state.stopped === null && stream.state.interruptions === 0
  const lock = mayGoOn() ? await takeFleetLock(rollout) : null
  if (mayGoOn()) await askHooks(rollout)
  if (mayGoOn()) await buildAhead(rollout)
  return {
    async close() {
      if (lock === null || lock.lost.aborted) return
      const released = await lock.release()
      stream.emit(released.ok ? { type: 'lock.released', host: null } : notReleased(released.failure))
    },
  }
}

async function takeFleetLock({ request, ports, interrupts, stream }: Rollout): Promise<HeldFleetLock | null> {
  const { plan, operator, lockTimeoutMs } = request
  if (plan.body.lock === null) return null
  const { fleetLock, journal, clock } = ports
  if (fleetLock === null) throw new Error('bug: the plan names a fleet lock, and there is none')
  const since = new Date(clock.now()).toISOString()
  const holder = { id: crypto.randomUUID(), who: operator, run: journal.run, since }
  const onWaiting = (other: LockHolder | null) => stream.emit(lockWaiting(null, other))
  const taken = await fleetLock.acquire({ holder, timeoutMs: lockTimeoutMs, onWaiting }, interrupts.first)
  if (!taken.ok) {
    if (interrupts.first.aborted) {
      if (taken.failure.code === 'lock/not-released') stream.emit(notReleased(taken.failure))
      return null
    }
    const reason = `the fleet lock: ${tellFailure(taken.failure)}`
    stream.emit({ type: 'run.stopped', code: taken.failure.code, reason })
    return null
  }
  stream.emit({ type: 'lock.acquired', host: null })
  const lost = () => stream.emit({ type: 'lock.lost', host: null, reason: String(taken.value.lost.reason) })
  taken.value.lost.addEventListener('abort', lost, { once: true })
  return taken.value
}

function notReleased(failure: Failure): Fact {
  return { type: 'diagnostic', ...failure, severity: 'warning', host: null }
}

async function askHooks({ request, ports, interrupts, stream }: Rollout): Promise<void> {
  const { body, planId } = request.plan
  const { run } = ports.journal
  const answer = await askGate(
    {
      gate: 'before.run',
      run,
      wave: null,
      host: null,
      hooks: body.hooks,
      hosts: body.hosts,
      fields: { name: body.name, planId, startedBy: request.operator, waves: request.selection },
      emit: stream.emit,
    },
    ports,
    interrupts.first,
  )
  if (answer.decision !== 'refuse') return
  const reason = `refused by a hook: ${answer.reason}`
  stream.emit({ type: 'run.stopped', code: 'hook/refused', reason })
}
