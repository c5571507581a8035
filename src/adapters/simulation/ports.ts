import type { Check, Plan } from '../../model/plan/plan-schema.ts'
import type { Ask } from '../../ports/ask.ts'
import type { CheckType } from '../../ports/check.ts'
import type { Engine } from '../../ports/engine.ts'
import type { Hooks } from '../../ports/hook.ts'
import type { Nix } from '../../ports/nix.ts'
import type { Roots } from '../../ports/roots.ts'
import type { Store } from '../../ports/store.ts'
import { simulatedCheck } from './checks.ts'
import { simulatedEngine } from './engine.ts'
import type { Fault } from './fault.ts'
import { SimulatedHost } from './host.ts'
import { LockTable, simulatedFleetLock, simulatedLocks } from './locks.ts'
import { type KnownScripts, simulatedRemote } from './remote.ts'
import { Session, SimulatedFleet } from './session.ts'
import { VirtualClock } from './virtual-clock.ts'

/** A fleet in memory and who holds locks in it. */
export interface Simulation {
  readonly fleet: SimulatedFleet
  readonly locks: LockTable
}

/** The machines of a plan as the plan found them, each with what happens to it. */
export function simulationOf(
  { body }: Plan,
  seed: number,
  faultOf: (host: string) => Fault,
  start: number,
): Simulation {
  const hosts = Object.entries(body.hosts).flatMap(([name, planned]) => {
    if (planned.action === 'excluded' || planned.action === 'evaluation-failed') return []
    const isUnreachable = planned.action === 'unreachable'
    const fault = isUnreachable ? 'unreachable' : faultOf(name)
    const from = isUnreachable
      ? { system: '/nix/store/unknown', profile: null, nextBoot: null, hostname: name, failedUnits: [] }
      : planned.from
    const moved = {
      ...from,
      system: `${from.system}-moved`,
      profile: `${from.system}-moved`,
      nextBoot: `${from.system}-moved`,
    }
    const { system, profile, nextBoot } = fault === 'moved' ? moved : from
    const { hostname, failedUnits } = from
    return [
      new SimulatedHost({
        name,
        fault,
        seed,
        system,
        profile,
        nextBoot,
        hostname,
        failedUnits,
        platform: planned.to.platform,
      }),
    ]
  })
  return { fleet: new SimulatedFleet(new VirtualClock(start), hosts), locks: new LockTable() }
}

/** One process's view of a simulated fleet: an adapter behind every port that a rollout asks, and nothing of the world. */
export function simulatedPorts({ fleet, locks }: Simulation, scripts: KnownScripts, session = new Session(fleet)) {
  const engine: Engine = simulatedEngine(session, (host) => locks.lose(host))
  const check: CheckType = simulatedCheck(session)
  const checkTypes: Readonly<Record<Check['type'], CheckType>> = {
    ssh: check,
    systemd: check,
    http: check,
    tcp: check,
    command: check,
    module: check,
  }
  return {
    clock: session.clock,
    nix: simulatedNix(session),
    remote: simulatedRemote(session, scripts),
    engines: { nix: engine, 'deploy-rs': engine, 'nixos-rebuild': engine },
    checkTypes,
    locks: simulatedLocks(session, locks),
    fleetLock: simulatedFleetLock(session, locks),
    hooks,
    ask,
    roots,
    store,
  }
}

/** Everything builds, in some time; nobody asks it for anything else. */
function simulatedNix({ clock, fleet }: Session): Nix {
  const never = async (): Promise<never> => {
    throw new Error('bug: a simulated rollout evaluates nothing')
  }
  return {
    lock: never,
    evaluate: never,
    async realise({ output, root }, signal) {
      const host = fleet.hosts.get(root.slice(root.lastIndexOf('/') + 1))
      await clock.sleep(host?.takes(200, 2_000) ?? 200, signal)
      return { ok: true, value: output }
    },
  }
}

/** Nothing is kept from a garbage collector that does not come. */
const roots: Roots = {
  async add() {},
  async remove() {},
}

/** A store in which everything is there and takes no room. */
const store: Pick<Store, 'closure' | 'file'> = {
  async closure() {
    return { ok: true, value: new Map() }
  },
  async file() {
    return null
  },
}

/** No program is started: every hook lets the run go on. */
const hooks: Hooks = {
  async call() {
    return { how: 'exited', code: 0, message: 'not called (simulated)', durationMs: 0 }
  },
}

/** Says yes at every gate: what comes after it is what one wants to see. */
const ask: Ask = {
  possible: true,
  async confirm() {
    return true
  },
}
