import type { SimulatedHost } from '../../../src/adapters/simulation/host.ts'
import type { Simulation } from '../../../src/adapters/simulation/ports.ts'
import { isFailure } from '../../../src/model/run/event.ts'
import type { Event } from '../../../src/model/run/event-schema.ts'
import type { Plan, PlanBody } from '../../../src/model/plan/plan-schema.ts'
import { initialRun, reduce } from '../../../src/model/run/run.ts'
import { isConverged } from '../../../src/model/host/converged.ts'
import { isEnding } from './ending.ts'
import type { Played } from './simulated-run.ts'

/** A run that was played, with all that may be asked of it. */
export interface Evidence {
  readonly plan: Plan
  readonly simulation: Simulation
  readonly played: Played
}

/** What must hold for every run, in a sentence; it returns what breaks it, null where nothing does. */
export interface Rule {
  readonly name: string
  readonly brokenBy: (evidence: Evidence) => string | null
}

/** Exit codes that promise that nothing was activated. */
const untouchedCodes: ReadonlySet<number> = new Set([1, 2, 5, 6, 7, 64])

export const rules: readonly Rule[] = [
  {
    name: "a host's profile is never anything but from or to",
    brokenBy: ({ plan, simulation }) => firstOf(simulation.fleet.hosts.values(), (host) => stranger(plan.body, host)),
  },
  {
    name: 'failures at the stop are no more than maxFailures and what was in flight',
    brokenBy: ({ plan, played }) => firstOf(plan.body.waves, (wave) => failuresOf(wave.name, wave.maxFailures, played)),
  },
  {
    name: 'no more of a group are down or in flight than it may lose',
    brokenBy: ({ plan, played }) => groupOverrun(plan.body, played.events),
  },
  {
    name: 'no more of a wave are in flight than maxParallel',
    brokenBy: ({ plan, played }) => parallelOverrun(plan.body, played.events),
  },
  {
    name: 'a host is in flight at most once, and one engine at a time is at work on it',
    brokenBy({ played, simulation }) {
      const started = played.events.flatMap((event) => (event.type === 'host.started' ? [event.host] : []))
      return (
        firstOf(started, (host, index) => (started.indexOf(host) < index ? `${host} started twice` : null)) ??
        firstOf(simulation.fleet.hosts.values(), ({ name, collisions }) =>
          collisions > 0 ? `${name} was changed while an activation ran on it` : null,
        )
      )
    },
  },
  {
    name: 'every host of a run that ended has one ending',
    brokenBy({ played }) {
      const ended = played.events.filter(isEnding).map(({ host }) => host)
      const twice = firstOf(ended, (host, index) => (ended.indexOf(host) < index ? `${host} ended twice` : null))
      if (twice !== null || played.state === null) return twice
      return firstOf(played.state.hosts.keys(), (host) => (ended.includes(host) ? null : `${host} has no ending`))
    },
  },
  {
    name: 'the engine is never called for a converged host',
    brokenBy: ({ simulation }) =>
      firstOf(simulation.fleet.hosts.values(), ({ name, activations }) =>
        activations.some(
          ({ what, found, target }) =>
            what === 'activate' && found.system === target.system && found.profile === target.profile,
        )
          ? `${name} was activated again`
          : null,
      ),
  },
  {
    name: 'exit codes 1, 2, 5, 6, 7 and 64 leave no activation',
    brokenBy({ played: { state, changed } }) {
      const code = state?.finished?.exitCode ?? 0
      return untouchedCodes.has(code) && changed.length > 0
        ? `exit code ${code}, and ${changed.join(', ')} changed`
        : null
    },
  },
  {
    name: 'nothing starts after a halt or an interrupt',
    brokenBy({ played: { events } }) {
      const stop = events.findIndex(({ type }) => type === 'wave.halted' || type === 'run.interrupted')
      const late = stop < 0 ? undefined : events.slice(stop).find(({ type }) => type === 'host.started')
      return late === undefined ? null : late.message
    },
  },
  {
    name: 'a host starts after all of its wave is prepared, after the waves before, and after those it depends on',
    brokenBy: ({ plan, played }) => disorder(plan.body, played.events),
  },
  {
    name: 'what is said of a host is what the host runs',
    brokenBy: ({ plan, played, simulation }) => lieIn(plan.body, played, simulation),
  },
  {
    name: 'no lock is left behind',
    brokenBy: ({ simulation }) => (simulation.locks.size === 0 ? null : `${simulation.locks.size} locks are held`),
  },
  {
    name: 'the journal alone gives the same state',
    brokenBy({ played }) {
      if (played.state === null) return null
      const again = played.events.reduce(reduce, initialRun())
      return JSON.stringify(plainly(again)) === JSON.stringify(plainly(played.state)) ? null : 'it differs'
    },
  },
]

/** The first rule that is broken, in words; null: none is. */
export function broken(evidence: Evidence, which: readonly Rule[] = rules): string | null {
  return firstOf(which, (rule) => {
    const why = rule.brokenBy(evidence)
    return why === null ? null : `${rule.name}: ${why}`
  })
}

/** A state of a host that is neither what the plan found nor what it wants, in words. */
function stranger({ hosts }: PlanBody, { name, before, states }: SimulatedHost): string | null {
  const planned = hosts[name]
  const target = planned?.action === 'change' ? planned.to : { system: before.system, profile: before.profile }
  const odd = states.find(
    ({ system, profile }) =>
      ![before.system, target.system].includes(system) || ![before.profile, target.profile].includes(profile),
  )
  return odd === undefined ? null : `${name} ran ${odd.system}, profile ${odd.profile ?? 'none'}`
}

function plainly(state: ReturnType<typeof initialRun>) {
  return { ...state, hosts: [...state.hosts], flying: [...state.flying], down: [...state.down] }
}

function firstOf<T>(items: Iterable<T>, find: (item: T, index: number) => string | null): string | null {
  let index = 0
  for (const item of items) {
    const found = find(item, index)
    if (found !== null) return found
    index += 1
  }
  return null
}

/** Hosts that are prepared at once (src/pipeline/schedule): nothing has been changed on them. */
const preparedAtOnce = 8

function failuresOf(wave: string, maxFailures: number, { events }: Played): string | null {
  const flying = new Set<string>()
  let [failures, unstarted, allowed] = [0, 0, Number.POSITIVE_INFINITY]
  for (const event of events) {
    if (!('wave' in event) || event.wave !== wave || !('host' in event) || event.host === null) continue
    if (event.type === 'host.started') flying.add(event.host)
    if (!isEnding(event)) continue
    if (isFailure(event)) {
      failures += 1
      if (!flying.has(event.host)) unstarted += 1
      // The one that is too many was under way itself.
      if (failures > maxFailures && allowed === Number.POSITIVE_INFINITY) allowed = maxFailures + flying.size
    }
    flying.delete(event.host)
  }
  if (unstarted > maxFailures + preparedAtOnce) return `${unstarted} of wave ${wave} before any started`
  return failures - unstarted <= allowed ? null : `${failures} of wave ${wave}, ${allowed} can be explained`
}

function groupOverrun({ groups, hosts }: PlanBody, events: readonly Event[]): string | null {
  return firstOf(Object.entries(groups), ([group, { hosts: members, maxUnavailable }]) => {
    if (maxUnavailable === null) return null
    const down = new Set(members.filter((host) => hosts[host]?.action === 'unreachable'))
    const flying = new Set<string>()
    for (const event of events) {
      if (!('host' in event) || event.host === null || !members.includes(event.host)) continue
      if (event.type === 'host.started') {
        flying.add(event.host)
        const used = new Set([...down, ...flying])
        if (used.size > maxUnavailable) return `${used.size} of @${group}, ${maxUnavailable} allowed: ${event.message}`
      }
      if (!isEnding(event)) continue
      flying.delete(event.host)
      if (event.type === 'host.unknown' || (event.type === 'host.failed' && event.touched)) down.add(event.host)
    }
    return null
  })
}

function parallelOverrun({ waves }: PlanBody, events: readonly Event[]): string | null {
  return firstOf(waves, ({ name, maxParallel }) => {
    const flying = new Set<string>()
    for (const event of events) {
      if (!('host' in event) || event.host === null) continue
      if (event.type === 'host.started' && event.wave === name) flying.add(event.host)
      if (isEnding(event)) flying.delete(event.host)
      if (flying.size > maxParallel) return `${flying.size} of wave ${name}, ${maxParallel} allowed`
    }
    return null
  })
}

function disorder({ waves, hosts }: PlanBody, events: readonly Event[]): string | null {
  const done = new Set<string>()
  const prepared = new Set<string>()
  const finished = new Set<string>()
  for (const event of events) {
    if (event.type === 'wave.finished') finished.add(event.wave)
    if (event.type === 'host.step' && event.step === 'copy' && event.status === 'finished') prepared.add(event.host)
    if (isEnding(event)) prepared.add(event.host)
    if (event.type === 'host.succeeded' || event.type === 'host.skipped') done.add(event.host)
    if (event.type !== 'host.started') continue
    const index = waves.findIndex(({ name }) => name === event.wave)
    const open = waves.slice(0, index).find(({ name }) => !finished.has(name))
    if (open !== undefined) return `${event.host} started before wave ${open.name} had finished`
    const unprepared = waves[index]?.hosts.find((host) => !prepared.has(host))
    if (unprepared !== undefined) return `${event.host} started before ${unprepared} was prepared`
    const missing = hosts[event.host]?.settings.dependsOn.find((host) => !done.has(host))
    if (missing !== undefined) return `${event.host} started before ${missing} had succeeded`
  }
  return null
}

function lieIn(body: PlanBody, { state }: Played, { fleet }: Simulation): string | null {
  if (state === null) return null
  const now = fleet.clock.now()
  return firstOf(state.hosts.values(), ({ host: name, ending, reverted }) => {
    const [host, planned] = [fleet.host(name), body.hosts[name]]
    if (ending === null || planned?.action !== 'change') return null
    const runs = host.stateAt(now)
    const told = `${ending.message}, and it runs ${runs.system}, profile ${runs.profile ?? 'none'}`
    const back = reverted?.result === 'rolled-back' || ending.type === 'host.rolled-back'
    if (back) return runs.system === host.before.system && runs.profile === host.before.profile ? null : told
    const isThere = ending.type === 'host.succeeded' || (ending.type === 'host.skipped' && ending.cause === 'converged')
    return !isThere || reverted !== null || isConverged(planned.settings.mode, runs, planned.to) ? null : told
  })
}
