import { notStarted } from '../../model/run/event.ts'
import type { Fact } from '../../model/run/event.ts'
import type { PlanBody } from '../../model/plan/plan-schema.ts'
import { plannedWave } from '../../model/plan/plan.ts'
import { type RunState, waveOf } from '../../model/run/run.ts'
import { conclude } from './outcome.ts'
import type { Move } from '../schedule/schedule.ts'
import { limitsOf } from '../schedule/limits.ts'

/** A move that is done by being said. */
export type SaidMove = Exclude<Move, { readonly move: 'gate' | 'prepare' | 'start' | 'roll-back' | 'end-bake' }>

/** The event that carries out a move which needs nothing of the world. */
export function factOfMove(move: SaidMove, body: PlanBody, run: RunState): Fact {
  switch (move.move) {
    case 'open': {
      const hosts = waveOf(run, move.wave).hosts.map(({ host }) => host)
      return { type: 'wave.started', wave: move.wave, hosts }
    }
    case 'cancel': {
      const wave = run.hosts.get(move.host)?.wave ?? ''
      return { type: 'host.cancelled', host: move.host, wave, reason: move.reason }
    }
    case 'skip-rollback':
      return notRolledBack(move.host, move.reason, run)
    case 'halt': {
      const { failures } = waveOf(run, move.wave)
      const { maxFailures } = limitsOf(plannedWave(body, move.wave), run)
      return { type: 'wave.halted', wave: move.wave, reason: move.reason, failures, maxFailures }
    }
    case 'pause':
      return { type: 'wave.paused', wave: move.wave, cause: 'health', reason: move.reason }
    case 'bake': {
      const { bakeTimeMs } = plannedWave(body, move.wave)
      const { wave, remainingMs } = move
      return { type: 'wave.baking', wave, bakeTimeMs, remainingMs }
    }
    case 'close': {
      const halted = waveOf(run, move.wave).halted !== null
      return { type: 'wave.finished', wave: move.wave, halted }
    }
    case 'finish':
      return { type: 'run.finished', ...conclude(run) }
  }
}

/** A host that should have been rolled back and stays as it is. */
function notRolledBack(host: string, why: string, run: RunState): Fact {
  const known = run.hosts.get(host)
  const ending = known?.ending ?? null
  const systems = ending?.type === 'host.succeeded' ? ending : { system: null, profile: null }
  const reason = `still runs the new system: ${why}`
  return {
    type: 'host.reverted',
    host,
    wave: known?.wave ?? '',
    result: 'failed',
    code: notStarted,
    reason,
    system: systems.system,
    profile: systems.profile,
  }
}
