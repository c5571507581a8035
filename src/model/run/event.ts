import { followsFrom } from '../codes/codes.ts'
import type { Event, HostReverted } from './event-schema.ts'

/** What the pipeline hands to the stream: an event without what the stream itself adds, its stamp and its sentence. */
export type Fact = Event extends infer E
  ? E extends Event
    ? Omit<E, 'v' | 'seq' | 'at' | 'run' | 'message'>
    : never
  : never

/** Events after which nothing more happens to a host in this run. */
export type Ending = Extract<
  Event,
  {
    type:
      | 'host.succeeded'
      | 'host.skipped'
      | 'host.stale'
      | 'host.failed'
      | 'host.rolled-back'
      | 'host.unknown'
      | 'host.cancelled'
  }
>

/** True for the endings that count against a wave's `maxFailures`. */
export function isFailure(ending: Ending): boolean {
  switch (ending.type) {
    case 'host.stale':
    case 'host.failed':
    case 'host.rolled-back':
    case 'host.unknown':
      return true
    case 'host.succeeded':
    case 'host.skipped':
    case 'host.cancelled':
      return false
  }
}

/** True when the host may run something else than before the run. */
export function isTouched(ending: Ending): boolean {
  switch (ending.type) {
    case 'host.succeeded':
    case 'host.rolled-back':
    case 'host.unknown':
      return true
    case 'host.failed':
      return ending.touched
    case 'host.skipped':
    case 'host.stale':
    case 'host.cancelled':
      return false
  }
}

/** True when this run left the host changed, or nobody can say that it did not. */
export function isChanged(ending: Ending): boolean {
  return isTouched(ending) && ending.type !== 'host.rolled-back'
}

/** True where nobody could measure the host's health: it condemns no host, and pauses the wave. */
export function isInconclusive(ending: Ending): boolean {
  return (
    (ending.type === 'host.unknown' || ending.type === 'host.failed') && followsFrom(ending.code).health === 'no-result'
  )
}

/** True where the host could not be rolled back to a healthy system: everything stops. */
export function isLost(ending: Ending): boolean {
  if (ending.type === 'host.unknown') return ending.step === 'roll-back'
  return ending.type === 'host.failed' && followsFrom(ending.code).rollback !== 'unsaid'
}

/** True when a host that ended so, and to which this happened afterwards, is down or unhealthy. */
export function isDown({ ending, unhealthy, reverted }: Aftermath): boolean {
  if (ending === null) return false
  if (reverted?.result === 'rolled-back') return false
  if (unhealthy !== null || (reverted !== null && followsFrom(reverted.code).rollback !== 'not-started')) return true
  switch (ending.type) {
    case 'host.failed':
      return ending.touched || followsFrom(ending.code).host === 'down'
    case 'host.unknown':
      return true
    case 'host.skipped':
      return ending.cause === 'unreachable'
    case 'host.succeeded':
    case 'host.stale':
    case 'host.rolled-back':
    case 'host.cancelled':
      return false
  }
}

interface Aftermath {
  readonly ending: Ending | null
  readonly unhealthy: string | null
  readonly reverted: HostReverted | null
}

/** The `code` of a `host.reverted` that left the host as it was. */
export const notStarted = 'roll-back/not-started'
