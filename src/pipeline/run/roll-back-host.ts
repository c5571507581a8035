import type { AnyCode } from '../../model/codes/codes.ts'
import type { Ending, Fact } from '../../model/run/event.ts'
import { rollBackLater } from '../host/roll-back.ts'
import type { Rollout } from './rollout.ts'

/**
 * Rolls back, with its wave or run, a host that had succeeded, through the same rollback as one that had not. It has its
 * ending already, so that what a rollback ends with is said as `host.reverted`.
 */
export async function rollBackHost(rollout: Rollout, name: string, reason: string): Promise<void> {
  const { stream, interrupts, journeys } = rollout
  const journey = journeys.get(name)
  if (journey === undefined) throw new Error(`bug: ${name} was not changed by this run`)
  const { task, before } = journey
  stream.emit({ type: 'host.reverting', host: name, wave: task.wave.name, to: before.system, reason })
  const emit = (fact: Fact) => stream.emit(asReverted(fact) ?? fact)
  const cause = { step: 'check', code: 'wave/halted', reason } as const
  await rollBackLater({ ...journey, task: { ...task, emit }, signal: interrupts.second }, cause)
}

/** What an ending says of a host that was being rolled back; null: the fact is none. */
function asReverted(fact: Fact): Fact | null {
  const result = resultOf(fact.type)
  if (result === null) return null
  const { host, wave, code, reason } = fact as Extract<Ending, { readonly code: AnyCode }>
  const systems = 'system' in fact ? { system: fact.system, profile: fact.profile } : { system: null, profile: null }
  return { type: 'host.reverted', host, wave, result, code, reason, ...systems }
}

function resultOf(type: Fact['type']): 'rolled-back' | 'failed' | 'unknown' | null {
  switch (type) {
    case 'host.rolled-back':
      return 'rolled-back'
    case 'host.failed':
      return 'failed'
    case 'host.unknown':
      return 'unknown'
    default:
      return null
  }
}
