import type { AnyCode } from '../../model/codes/codes.ts'
import type { Ending, Fact } from '../../model/run/event.ts'
import { rollBackLater } from '../host/roll-back.ts'
import type { Rollout } from './rollout.ts'

/**
 * Takes a host back that had succeeded, through the same rollback as one that had not. It has its ending already, so that
 * what a rollback ends with is said as `host.reverted`.
 */
export async function revert(rollout: Rollout, name: string, reason: string): Promise<void> {
  const { ports, stream, interrupts, prepared, taskOf } = rollout
  const task = taskOf(name)
  const known = prepared.get(name)
  const { planned } = task
  if (planned.action !== 'change' || known === undefined) throw new Error(`bug: ${name} was not changed by this run`)
  const before = { ...known.before, failing: known.failing }
  const place = { host: name, wave: task.wave.name }
  stream.emit({
    type: 'host.reverting',
    ...place,
    to: before.system,
    reason,
  })
  const emit = (fact: Fact) => stream.emit(revertedBy(fact) ?? fact)
  const cause = { step: 'check', code: 'wave/halted', reason } as const
  await rollBackLater({ ...task, emit }, planned, before, cause, ports, interrupts.second)
}

/** What an ending says of a host that was being taken back; null: the fact is none. */
function revertedBy(fact: Fact): Fact | null {
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
