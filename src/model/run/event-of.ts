import type { Fact } from './event.ts'
import type { Event } from './event-schema.ts'
import { sentenceOf } from './sentence.ts'

/** Which line of which run an event is; `at` in milliseconds since the epoch. */
export interface Stamp {
  readonly seq: number
  readonly at: number
  readonly run: string
}

/** The event of a fact: stamped, and said in words. */
export function eventOf(fact: Fact, { seq, at, run }: Stamp): Event {
  return { v: 1, seq, at: new Date(at).toISOString(), run, ...fact, message: sentenceOf({ ...fact, run }) }
}
