import { randomOf } from './random.ts'

/** What happens to a simulated host when it is changed; drawn once for each host. */
export type Fault =
  | 'well'
  /** The activation ends in an error, half-way. */
  | 'fails'
  /** It ends in an error before it has changed anything. */
  | 'refuses'
  /** It ends in an error, and so does its rollback. */
  | 'stuck'
  /** It does not end before its time is over. */
  | 'hangs'
  /** The connection goes in the middle: the activation ends well without it … */
  | 'loses-connection'
  /** … or the host rolls itself back, since nobody confirms … */
  | 'loses-and-rolls-back'
  /** … or the host is not heard of again. */
  | 'falls-silent'
  /** The engine reports success and nothing has changed. */
  | 'lies'
  /** Unhealthy for a while after the change, again and again, and then well. */
  | 'flaps'
  /** Unhealthy on the new system. */
  | 'sickens'
  /** Unhealthy on the new system, and on the old one as well afterwards. */
  | 'stays-sick'
  /** Its health cannot be measured. */
  | 'cannot-be-measured'
  /** Does not answer at all. */
  | 'unreachable'
  /** Somebody else changed it after the plan was made. */
  | 'moved'

/** How likely a host meets each kind of fault, from 0 to 1. */
export interface FaultRates {
  readonly fail: number
  readonly hang: number
  readonly lose: number
  readonly flap: number
}

/** Nothing goes wrong. */
export const noFaults: FaultRates = { fail: 0, hang: 0, lose: 0, flap: 0 }

/** The forms that each kind of fault takes, each as likely as its share of the list. */
const forms: Readonly<Record<keyof FaultRates, readonly Fault[]>> = {
  fail: ['fails', 'fails', 'sickens', 'sickens', 'refuses'],
  hang: ['hangs'],
  lose: ['loses-connection', 'loses-connection', 'loses-and-rolls-back', 'falls-silent'],
  flap: ['flaps'],
}

/** Draws what happens to a host: at most one fault each. */
export function faultOf(seed: number, host: string, rates: FaultRates): Fault {
  // The name is part of what a seed means: another would give other faults.
  const random = randomOf(seed, `fate of ${host}`)
  let drawn = random()
  for (const kind of ['fail', 'hang', 'lose', 'flap'] as const) {
    if (drawn < rates[kind]) return forms[kind][Math.floor(random() * forms[kind].length)] ?? 'well'
    drawn -= rates[kind]
  }
  return 'well'
}
