import { followsFrom } from '../../model/codes/codes.ts'
import { isInconclusive, isLost } from '../../model/run/event.ts'
import type { HostReverted } from '../../model/run/event-schema.ts'
import type { PlanBody, Wave } from '../../model/plan/plan-schema.ts'
import type { HostRun, RunState, WaveRun } from '../../model/run/run.ts'
import { groupReason, limitsOf } from './limits.ts'
import { idle, type Move, type Schedule, type Waiting } from './move.ts'

/**
 * Rolls back what a halted wave says (`rollback`), last changed first and no more at once than the wave allows; null:
 * there is nothing left to roll back. What may not be begun is said to stay: after an interruption, when a host was
 * unhealthy after its own rollback, and when a group has nobody left to lose.
 */
export function rollBack(body: PlanBody, run: RunState, wave: Wave, current: WaveRun): Schedule | null {
  const wanted = wantedHosts(run, wave, current)
  if (wanted.length === 0) return run.flying.size > 0 ? idle : null
  const forbidden = forbiddenReason(run)
  if (forbidden !== null) return { ...idle, moves: wanted.map(({ host }) => skip(host, forbidden)) }
  const { maxParallel } = limitsOf(wave, run)
  const flying = new Set(run.flying)
  const moves: Move[] = []
  const blocked: Waiting[] = []
  for (const { host, unhealthy } of wanted) {
    const full = flying.size >= maxParallel ? `${maxParallel} of ${maxParallel} in flight` : null
    const reason = full ?? groupReason(body, run, host, flying)
    if (reason === null) {
      moves.push({ move: 'roll-back', host, reason: unhealthy ?? `wave ${current.name} halted: ${current.halted}` })
      flying.add(host)
    } else blocked.push({ host, reason })
  }
  if (flying.size === 0) return { ...idle, moves: blocked.map(({ host, reason }) => skip(host, reason)) }
  const waiting = blocked
    .map(({ host, reason }) => ({ host, reason: `to be rolled back: ${reason}` }))
    .filter(({ host, reason }) => run.hosts.get(host)?.waiting !== reason)
  return { moves, waiting, wakeAt: null }
}

function skip(host: string, reason: string): Move {
  return { move: 'skip-rollback', host, reason }
}

function forbiddenReason(run: RunState): string | null {
  if (run.interruptions > 0) return 'the run was interrupted'
  for (const { host, ending, reverted } of run.hosts.values()) {
    const isBad = (reverted !== null && isBadRollback(reverted)) || (ending !== null && isLost(ending))
    if (isBad) return `${host} could not be rolled back to a healthy system`
  }
  return null
}

/** A host that somebody else has, or had changed since, says nothing of rollbacks; any other failure does. */
function isBadRollback({ result, code }: HostReverted): boolean {
  if (result === 'rolled-back') return false
  switch (followsFrom(code).rollback) {
    case 'prevented':
    case 'not-started':
      return false
    case 'failed':
    case 'unsaid':
      return true
  }
}

/** Hosts that this run changed, that the wave wants back, and with which that has not begun. */
function wantedHosts(run: RunState, wave: Wave, current: WaveRun): readonly HostRun[] {
  const wanted = scopeOf(run, wave, current).filter(isChanged)
  const [sick, well] = [wanted.filter(({ unhealthy }) => unhealthy !== null), wanted.filter(isWell)]
  return [...sick, ...well.toReversed()]
}

function scopeOf(run: RunState, wave: Wave, current: WaveRun): readonly HostRun[] {
  switch (wave.rollback) {
    case 'none':
      return []
    case 'host':
      return current.hosts.filter(({ unhealthy }) => unhealthy !== null)
    case 'wave':
      return current.hosts
    case 'run':
      return [...run.hosts.values()]
  }
}

/** A host that runs the plan because this run put it there. */
function isChanged({ ending, reverting, reverted }: HostRun): boolean {
  if (ending === null || reverting || reverted !== null) return false
  return ending.type === 'host.succeeded' || (ending.type === 'host.unknown' && isInconclusive(ending))
}

function isWell({ unhealthy }: HostRun): boolean {
  return unhealthy === null
}
