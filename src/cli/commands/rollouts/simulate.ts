import { faultOf } from '../../../adapters/simulation/fault.ts'
import { simulatedJournal } from '../../../adapters/simulation/journal.ts'
import { simulatedPorts, simulationOf } from '../../../adapters/simulation/ports.ts'
import type { Plan } from '../../../model/plan/plan-schema.ts'
import type { Fleet } from '../../../model/fleet/fleet.ts'
import { simulatedPlan, simulatedReboots } from '../../../pipeline/plan/simulated-plan.ts'
import { rebootScript } from '../../../pipeline/host/reboot/reboot.ts'
import { observationScript } from '../../../pipeline/observe/script.ts'
import type { Runs } from '../../../ports/journal.ts'
import type { ApplyFlags } from '../../arguments/apply-flags.ts'
import type { Common } from '../../arguments/command.ts'
import { type Context, exitCode } from '../../session/context.ts'
import { openFleet } from '../../open/fleet.ts'
import { openPlan } from '../../open/plan.ts'
import { selectPart } from '../../session/run-gates.ts'
import { roll } from '../../session/roll.ts'
import { selectHosts } from '../../open/select-hosts.ts'
import type { Simulate } from '../../arguments/simulate-flags.ts'
import { tell } from '../../session/tell.ts'
import { version } from '../../open/version.ts'
import { operator } from '../../open/place.ts'

type Flags = Common & ApplyFlags & { readonly simulate: Simulate }

/**
 * `fleet apply --simulate [PLAN]`: plays the rollout of a plan, or of the waves in fleet.yaml, against hosts in memory. The
 * decisions, the events and the report are those of `apply`; behind every port stands a simulation, and nothing else is opened:
 * no connection, no Nix, no lock, no file.
 */
export async function simulate(flags: Flags, context: Context): Promise<number> {
  const plan = await planOf(flags, context)
  return typeof plan === 'number' ? plan : play(plan, flags, context)
}

/** Plays the rollout of a plan against hosts in memory. Returns the exit code of the run. */
function play(plan: Plan, flags: Flags, context: Context): Promise<number> | number {
  const { terminal } = context
  const { seed, faults } = flags.simulate
  const selected = selectPart(plan.body, flags)
  if ('code' in selected) return tellAndEnd(selected.diagnostics, flags, context, selected.code)
  if (!flags.json) terminal.stdout.write(`${headline(flags.simulate)}\n\n`)
  const simulation = simulationOf(plan, seed, (host) => faultOf(seed, host, faults), Date.now())
  const ports = simulatedPorts(simulation, { observation: observationScript, reboot: rebootScript })
  const world = { ...ports, runs: runsOf(seed) }
  // Hours pass in no time: there is nothing to redraw.
  const still = { ...context, terminal: { ...terminal, environment: { ...terminal.environment, CI: 'true' } } }
  const approved = { plan, selection: selected.waves, notes: [] }
  return roll(approved, { flags, context: still, world, ask: ports.ask })
}

/** `fleet reboot --simulate`: the same for reboots of the selected hosts, as if each of them needed one. */
export function simulateReboot(
  flags: Flags,
  fleet: Fleet,
  selected: ReadonlySet<string>,
  context: Context,
): Promise<number> | number {
  const createdAt = new Date().toISOString()
  return play(
    simulatedReboots({ fleet, selected, createdAt, version: version(), operator: operator() }),
    flags,
    context,
  )
}

async function planOf(flags: Flags, context: Context): Promise<Plan | number> {
  if (flags.plan !== null) {
    const opened = await openPlan(flags.plan)
    return opened.ok ? opened.value : tellAndEnd(opened.diagnostics, flags, context, exitCode.refused)
  }
  const fleet = await openFleet(flags)
  if (!fleet.ok) return tellAndEnd(fleet.diagnostics, flags, context, exitCode.failed)
  tell(fleet.diagnostics, context.terminal, flags)
  const selected = selectHosts(flags, fleet.value.waves, fleet.value.groups)
  if (!selected.ok) return tellAndEnd(selected.diagnostics, flags, context, exitCode.usage)
  const createdAt = new Date().toISOString()
  const made = { fleet: fleet.value, selected: selected.hosts, createdAt, version: version(), operator: operator() }
  return simulatedPlan(made)
}

function tellAndEnd(
  diagnostics: Parameters<typeof tell>[0],
  flags: Flags,
  { terminal }: Context,
  code: number,
): number {
  tell(diagnostics, terminal, flags)
  return code
}

function headline({ seed, faults }: Simulate): string {
  const rates = Object.entries(faults).filter(([, rate]) => rate > 0)
  const told = rates.length === 0 ? 'no faults' : rates.map(([kind, rate]) => `${kind}=${rate}`).join(',')
  return `Simulated: no host is contacted and nothing is changed (seed ${seed}, ${told}; every approval gate is approved).`
}

/** Runs of which nothing is kept. */
function runsOf(seed: number): Runs {
  return {
    begin: () => simulatedJournal(`simulated-${seed}`),
    unfinished: () => Promise.resolve(null),
    names: () => [],
    async *outlines() {},
    read: () => Promise.resolve(null),
    planFile: () => null,
    recorded: () => Promise.resolve(new Map()),
    prune: () => Promise.resolve(null),
  }
}
