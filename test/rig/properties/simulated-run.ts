import type { Fault } from '../../../src/adapters/simulation/fault.ts'
import { rebootScript } from '../../../src/pipeline/host/reboot/reboot.ts'
import { simulatedPorts, type Simulation } from '../../../src/adapters/simulation/ports.ts'
import { Session } from '../../../src/adapters/simulation/session.ts'
import type { Event, SelectedWave } from '../../../src/model/run/event-schema.ts'
import type { Plan } from '../../../src/model/plan/plan-schema.ts'
import { noOverrides } from '../../../src/model/run/overrides.ts'
import type { RunState } from '../../../src/model/run/run.ts'
import { apply } from '../../../src/pipeline/run/apply.ts'
import { observationScript } from '../../../src/pipeline/observe/script.ts'

/** How a simulated run is disturbed; a number is the count of events after which it happens. */
export interface Disturbance {
  readonly interruptAfter: number | null
  readonly stopAfter: number | null
  readonly killAfter: number | null
}

/** Nothing disturbs it. */
export const undisturbed: Disturbance = { interruptAfter: null, stopAfter: null, killAfter: null }

/** What a simulated run left behind. */
export interface Played {
  readonly run: string
  readonly events: readonly Event[]
  /** Those that were on disk when it ended or was killed: what is left when the machine goes with it. */
  readonly durable: readonly Event[]
  /** What was told of waves while the ending of a host, told before it, was not on disk. */
  readonly early: readonly string[]
  /** How often it was waited for that. */
  readonly flushes: number
  /** Null when it was killed. */
  readonly state: RunState | null
  /** Hosts that changed meanwhile, whatever came of it. */
  readonly changed: readonly string[]
}

export interface PlayRequest {
  readonly plan: Plan
  readonly simulation: Simulation
  readonly run: string
  readonly resumes?: string | null
  readonly selection?: readonly SelectedWave[]
  readonly disturbance?: Disturbance
}

/** Applies a plan to a simulated fleet with the real loop, and disturbs it. Rejects when the run is stuck. */
export async function play(request: PlayRequest): Promise<Played> {
  const { plan, simulation, run, disturbance = undisturbed } = request
  const session = new Session(simulation.fleet)
  const [first, second] = [new AbortController(), new AbortController()]
  const events: Event[] = []
  let flushed = 0
  let flushes = 0
  const early: string[] = []
  const journal = {
    run,
    roots: '/nonexistent/roots',
    append(event: Event) {
      if (!session.isAlive) return
      if (event.type.startsWith('wave.') && events.slice(flushed).some(isEnding)) early.push(event.message)
      events.push(event)
      if (events.length === disturbance.interruptAfter) first.abort('SIGINT')
      if (events.length === disturbance.stopAfter) {
        first.abort('SIGINT')
        second.abort('SIGINT')
      }
      if (events.length === disturbance.killAfter) session.kill()
    },
    flush() {
      if (!session.isAlive) return
      flushed = events.length
      flushes += 1
    },
    output() {},
    logOf: (host: string) => `/nonexistent/${host}.log`,
    directoryOf: (host: string) => `/nonexistent/${host}`,
    close() {},
  }
  const hosts = [...simulation.fleet.hosts.values()]
  const before = new Map(hosts.map(({ name, states }) => [name, states.length]))
  const ended = apply(
    {
      plan,
      selection: request.selection ?? plan.body.waves.map(({ name, hosts }) => ({ name, hosts: [...hosts] })),
      promoted: new Set(),
      overrides: noOverrides,
      lockTimeoutMs: 300_000,
      notes: [],
      resumes: request.resumes ?? null,
      version: '0',
      operator: 'somebody@somewhere',
    },
    { ...simulatedPorts(simulation, { observation: observationScript, reboot: rebootScript }, session), journal },
    { first: first.signal, second: second.signal },
    () => {},
  )
  // When nobody sleeps any more and the run has not ended, it never will.
  const still = simulation.fleet.clock.idle().then(() => null)
  const state = await Promise.race([ended, still])
  if (state === null && session.isAlive) throw new Error(`the run is stuck after:\n${tail(events)}`)
  const changed = hosts.filter(({ name, states }) => states.length !== before.get(name)).map(({ name }) => name)
  return {
    run,
    events,
    durable: events.slice(0, flushed),
    flushes,
    early,
    state: session.isAlive ? state : null,
    changed,
  }
}

function isEnding({ type }: Event): boolean {
  return ['host.succeeded', 'host.failed', 'host.rolled-back', 'host.unknown', 'host.skipped'].includes(type)
}

/** The last events, in words. */
export function tail(events: readonly Event[]): string {
  return events
    .slice(-12)
    .map(({ at, type, message }) => `${at} ${type}: ${message}`)
    .join('\n')
}

/** Fates that a drawn scenario may give to a host, with their weights. */
export const faults: readonly (readonly [weight: number, fault: Fault])[] = [
  [24, 'well'],
  [1, 'fails'],
  [1, 'refuses'],
  [1, 'stuck'],
  [1, 'hangs'],
  [1, 'loses-connection'],
  [1, 'loses-and-rolls-back'],
  [1, 'falls-silent'],
  [1, 'lies'],
  [1, 'flaps'],
  [1, 'sickens'],
  [1, 'stays-sick'],
  [1, 'cannot-be-measured'],
  [1, 'unreachable'],
  [1, 'moved'],
]
