import { formatDuration } from '../../model/fleet/duration.ts'
import { notBegun } from '../../model/run/event.ts'
import type { Fact } from '../../model/run/event.ts'
import type { PlanBody } from '../../model/plan/plan-schema.ts'
import { plannedWave } from '../../model/plan/plan.ts'
import { type RunState, waveOf } from '../../model/run/run.ts'
import { conclude } from './outcome.ts'
import type { Move } from '../schedule/schedule.ts'
import { limitsOf } from '../schedule/limits.ts'

/** A move that is done by being said. */
export type SaidMove = Exclude<Move, { readonly move: 'gate' | 'prepare' | 'start' | 'revert' | 'settle' }>

/** The event that carries out a move which needs nothing of the world. */
export function factOfMove(move: SaidMove, body: PlanBody, run: RunState): Fact {
  switch (move.move) {
    case 'open': {
      const hosts = waveOf(run, move.wave).hosts.map(({ host }) => host)
      return { type: 'wave.started', wave: move.wave, hosts, message: `wave ${move.wave} started: ${hosts.join(', ')}` }
    }
    case 'cancel': {
      const wave = run.hosts.get(move.host)?.wave ?? ''
      const message = `${move.host} not reached: ${move.reason}`
      return { type: 'host.cancelled', host: move.host, wave, reason: move.reason, message }
    }
    case 'forgo':
      return forgone(move.host, move.reason, run)
    case 'halt': {
      const { failures } = waveOf(run, move.wave)
      const { maxFailures } = limitsOf(plannedWave(body, move.wave), run)
      const message = `wave ${move.wave} halted: ${move.reason}`
      return { type: 'wave.halted', wave: move.wave, reason: move.reason, failures, maxFailures, message }
    }
    case 'pause': {
      const message = `wave ${move.wave} paused: ${move.reason}`
      return { type: 'wave.paused', wave: move.wave, reason: move.reason, message }
    }
    case 'bake': {
      const { bakeTimeMs } = plannedWave(body, move.wave)
      const { wave, remainingMs } = move
      const left =
        remainingMs === bakeTimeMs ? '' : `, of which ${formatDuration(Math.ceil(remainingMs / 1000) * 1000)} are left`
      const message =
        remainingMs === 0
          ? `wave ${wave} asks its checks`
          : `wave ${wave} bakes for ${formatDuration(bakeTimeMs)}${left}`
      return { type: 'wave.baking', wave, bakeTimeMs, remainingMs, message }
    }
    case 'close': {
      const halted = waveOf(run, move.wave).halted !== null
      const message = `wave ${move.wave} ${halted ? 'ended after its halt' : 'finished'}`
      return { type: 'wave.finished', wave: move.wave, halted, message }
    }
    case 'finish': {
      const conclusion = conclude(run)
      const message = `run finished: ${conclusion.outcome}: ${conclusion.reason}`
      return { type: 'run.finished', ...conclusion, message }
    }
  }
}

/** A host that should have been taken back and stays as it is. */
function forgone(host: string, why: string, run: RunState): Fact {
  const known = run.hosts.get(host)
  const ending = known?.ending ?? null
  const systems = ending?.type === 'host.succeeded' ? ending : { system: null, profile: null }
  const reason = `NOT TAKEN BACK, it runs the new system: ${why}`
  return {
    type: 'host.reverted',
    host,
    wave: known?.wave ?? '',
    result: 'failed',
    code: notBegun,
    reason,
    system: systems.system,
    profile: systems.profile,
    message: `${host}: ${reason}`,
  }
}
