import type { Fact } from '../model/event.ts'
import type { PlanBody } from '../model/plan-schema.ts'
import { plannedWave } from '../model/plan.ts'
import { type RunState, waveOf } from '../model/run.ts'
import { conclude } from './report.ts'
import type { Move } from './schedule.ts'

/** A move that is done by being said. */
export type SaidMove = Exclude<Move, { readonly move: 'ask' | 'prepare' | 'start' }>

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
    case 'halt': {
      const { failures } = waveOf(run, move.wave)
      const { maxFailures } = plannedWave(body, move.wave)
      const message = `wave ${move.wave} halted: ${move.reason}`
      return { type: 'wave.halted', wave: move.wave, reason: move.reason, failures, maxFailures, message }
    }
    case 'bake': {
      const { bakeTimeMs } = plannedWave(body, move.wave)
      const message = `wave ${move.wave} bakes for ${bakeTimeMs / 1000} s`
      return { type: 'wave.baking', wave: move.wave, bakeTimeMs, message }
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
