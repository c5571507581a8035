import { followsFrom } from '../../model/codes/codes.ts'
import { type Ending, isFailure, isLost } from '../../model/run/event.ts'
import { asBefore } from '../../model/run/host-sentence.ts'
import type { HostRun } from '../../model/run/run.ts'
import { cleanLine } from '../../model/text/text.ts'
import type { Role } from '../terminal/paint.ts'

/** A mark that stands before a host, and how it is coloured. */
export interface Mark {
  readonly mark: string
  readonly role: Role
}

/** What has become of a host: its ending, and what happened to it afterwards. */
export type HostOutcome = Pick<HostRun, 'ending' | 'unhealthy' | 'reverted'>

/** The mark that stands before a host that has ended, and how it is coloured. */
export function markOf(ending: Ending): Mark {
  if (isFailure(ending)) return { mark: '✗', role: 'bad' }
  const fine = ending.type === 'host.succeeded' || (ending.type === 'host.skipped' && ending.cause !== 'unreachable')
  return fine ? { mark: '✓', role: 'good' } : { mark: '-', role: 'faint' }
}

/** The mark of a host that has ended, whatever happened to it afterwards. */
export function markOfHost({ ending, unhealthy, reverted }: HostOutcome): Mark {
  if (unhealthy !== null || (reverted !== null && reverted.result !== 'rolled-back')) return { mark: '✗', role: 'bad' }
  if (reverted !== null) return { mark: '↩', role: 'warning' }
  return ending === null ? { mark: '·', role: 'faint' } : markOf(ending)
}

/** What became of a host that has ended, in one line without its name. */
export function tellHost({ ending, unhealthy, reverted }: HostOutcome): string {
  const before = unhealthy === null ? '' : `unhealthy while its wave baked: ${cleanLine(unhealthy)}; `
  switch (reverted?.result) {
    case 'rolled-back':
      return `${before}rolled back: ${cleanLine(reverted.reason)}`
    case 'failed':
      return `${before}${followsFrom(reverted.code).rollback === 'not-started' ? 'not rolled back, ' : ''}${cleanLine(reverted.reason)}`
    case 'unknown':
      return `${before}state unknown: ${cleanLine(reverted.reason)}`
    case undefined:
      if (before !== '') return before.slice(0, -2)
      return ending === null ? '' : tellEnding(ending)
  }
}

/** How a host ended, in one line without its name. */
function tellEnding(ending: Ending): string {
  switch (ending.type) {
    case 'host.succeeded':
      return `changed and healthy${ending.generation === null ? '' : `, generation ${ending.generation}`}${cleanLine(asBefore(ending.stillFailed))}`
    case 'host.skipped':
      return ending.cause === 'unreachable'
        ? `skipped (unreachable): ${cleanLine(ending.reason)}`
        : cleanLine(ending.reason)
    case 'host.stale':
      return `stale, not touched: ${cleanLine(ending.reason)}`
    case 'host.failed':
      return cleanLine(ending.reason)
    case 'host.rolled-back':
      return `rolled back: ${cleanLine(`${ending.reason}${asBefore(ending.stillFailed)}`)}`
    case 'host.unknown':
      return `${followsFrom(ending.code).health !== 'unsaid' ? 'health' : 'state'} unknown: ${cleanLine(ending.reason)}`
    case 'host.cancelled':
      return `not started: ${cleanLine(ending.reason)}`
  }
}

/** True for a host that needs a look: it failed or was rolled back, or the run went past it. */
export function isTrouble({ ending, unhealthy, reverted }: HostOutcome): boolean {
  if (unhealthy !== null || reverted !== null || ending === null || ending.type === 'host.cancelled') return true
  return isFailure(ending) || (ending.type === 'host.skipped' && ending.cause === 'unreachable')
}

/** True for a host that runs neither what was planned nor, healthily, what it ran before: somebody must go there. */
export function isStranded({ ending, reverted }: HostOutcome): boolean {
  if (reverted !== null && reverted.result !== 'rolled-back') return true
  return ending !== null && isLost(ending)
}
