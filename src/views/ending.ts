import { type Ending, isFailure } from '../model/event.ts'
import { cleanLine } from '../model/text.ts'
import type { Role } from './paint.ts'

/** The mark that stands before a host that has ended, and how it is coloured. */
export function markOf(ending: Ending): { readonly mark: string; readonly role: Role } {
  if (isFailure(ending)) return { mark: '✗', role: 'bad' }
  const fine = ending.type === 'host.succeeded' || (ending.type === 'host.skipped' && ending.cause === 'converged')
  return fine ? { mark: '✓', role: 'good' } : { mark: '-', role: 'faint' }
}

/** How a host ended, in one line without its name. */
export function tellEnding(ending: Ending): string {
  switch (ending.type) {
    case 'host.succeeded':
      return ending.generation === null ? 'changed and healthy' : `changed and healthy, generation ${ending.generation}`
    case 'host.skipped':
      return ending.cause === 'converged' ? cleanLine(ending.reason) : `skipped: ${cleanLine(ending.reason)}`
    case 'host.stale':
      return `stale, not touched: ${cleanLine(ending.reason)}`
    case 'host.failed':
      return cleanLine(ending.reason)
    case 'host.rolled-back':
      return `rolled back: ${cleanLine(ending.reason)}`
    case 'host.unknown':
      return `state unknown: ${cleanLine(ending.reason)}`
    case 'host.cancelled':
      return `not reached: ${cleanLine(ending.reason)}`
  }
}

/** True for a host that needs a look: it failed, or the run went past it. */
export function isTrouble(ending: Ending | null): boolean {
  if (ending === null || ending.type === 'host.cancelled') return true
  return isFailure(ending) || (ending.type === 'host.skipped' && ending.cause === 'unreachable')
}
