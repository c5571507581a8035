import type { Event } from '../../model/run/event-schema.ts'
import type { PlanBody, Wave } from '../../model/plan/plan-schema.ts'
import { plannedWave } from '../../model/plan/plan.ts'
import type { RunState, WaveRun } from '../../model/run/run.ts'
import { admit, prepare } from './admit.ts'
import { afterLast, bake } from './bake.ts'
import { limitsOf } from './limits.ts'
import { idle, only, type Schedule, type Turn, type Waiting } from './move.ts'
import { haltReason, pause, stop, stopReason, finishHalted } from './stop.ts'

export type { Move, Schedule } from './move.ts'

/** Decides what may happen next, from the plan and from what has happened so far. Pure: same input, same answer. */
export function schedule(body: PlanBody, run: RunState, now: number): Schedule {
  if (run.startedAt === null || run.finished !== null) return idle
  const index = run.waves.findIndex((wave) => wave.phase !== 'finished' && wave.phase !== 'paused')
  const current = run.waves[index]
  if (current !== undefined && current.halted !== null) return finishHalted(body, run, current)
  const stopped = stopReason(run)
  if (stopped !== null) return stop(run, current, stopped)
  if (current === undefined) return only({ move: 'finish' })
  const decided = decide(body, run, { wave: plannedWave(body, current.name), current, now })
  const ahead = run.waves.slice(index + 1).flatMap((wave, at) => aheadOf(wave, run.waves[index + at]))
  return ahead.length === 0 ? decided : { ...decided, waiting: [...decided.waiting, ...ahead] }
}

/** Hosts of a later wave wait for the wave before theirs. */
function aheadOf(wave: WaveRun, before: WaveRun | undefined): readonly Waiting[] {
  if (wave.silent.size === 0 || before === undefined) return []
  return reasonForAll(wave, `wave ${before.name} comes first`)
}

function reasonForAll({ hosts }: WaveRun, reason: string): readonly Waiting[] {
  return hosts.flatMap(({ host, phase, waiting }) =>
    phase === 'pending' && waiting !== reason ? [{ host, reason }] : [],
  )
}

function decide(body: PlanBody, run: RunState, turn: Turn): Schedule {
  const { wave, current } = turn
  switch (current.phase) {
    case 'pending':
      return isGated(body, wave, current)
        ? {
            moves: [{ move: 'gate', wave: wave.name }],
            waiting: reasonForAll(current, `until wave ${wave.name} may start`),
            wakeAt: null,
          }
        : only({ move: 'open', wave: wave.name })
    case 'open':
    case 'baking':
      return proceed(body, run, turn)
    case 'paused':
    case 'finished':
      throw new Error(`bug: wave ${current.name} is over`)
  }
}

/** True while something stands before the wave that has to be asked. */
function isGated({ hosts, hooks }: PlanBody, wave: Wave, current: WaveRun): boolean {
  if (current.gate === 'open') return false
  const asks = wave.promotion === 'manual' && current.gate !== 'named'
  const hasWork = current.hosts.some(({ host }) => hosts[host]?.action === 'change')
  return (asks && hasWork) || wave.checks.length > 0 || hooks.some(({ on }) => on.includes('before.wave'))
}

function proceed(body: PlanBody, run: RunState, turn: Turn): Schedule {
  const { wave, current, now } = turn
  const limits = limitsOf(wave, run)
  const reason = haltReason(wave, limits, current, now)
  if (reason !== null) return only({ move: 'halt', wave: wave.name, reason })
  if (current.phase === 'baking') return bake(current, now)
  const open = current.hosts.length - current.count.ended
  if (open === 0) return pause(current) ?? only(afterLast(wave, run, current, now))
  const wakeAt = (current.progressAt ?? now) + wave.progressDeadlineMs
  // What nobody could measure of a host that was there already is known before anything of the wave is changed.
  const paused = pause(current)
  if (paused !== null) return { ...paused, wakeAt }
  const isPreparing = current.count.pending + current.count.preparing > 0
  return { ...(isPreparing ? prepare(turn) : admit(body, run, turn)), wakeAt }
}

/** False for events after which `schedule` would say the same: what is printed, measured and waited for decides nothing. */
export function isDecisive(event: Event): boolean {
  switch (event.type) {
    case 'host.step':
      return event.step === 'roll-back' || (event.step === 'copy' && event.status === 'finished')
    case 'host.output':
    case 'host.waiting':
    case 'check.finished':
    case 'lock.waiting':
    case 'lock.acquired':
    case 'lock.released':
    case 'lock.lost':
    case 'hook.finished':
    case 'diagnostic':
      return false
    default:
      return true
  }
}
