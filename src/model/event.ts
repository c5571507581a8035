import type { Event } from './event-schema.ts'

/** What the pipeline hands to the stream: an event without what the stream itself adds. */
export type Fact = Event extends infer E ? (E extends Event ? Omit<E, 'v' | 'seq' | 'at' | 'run'> : never) : never

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
