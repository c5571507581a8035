import { terminalAsk } from '../../adapters/terminal-ask.ts'
import { type Diagnostic, diagnostic } from '../../model/diagnostic.ts'
import type { SelectedWave } from '../../model/run/event-schema.ts'
import type { Plan } from '../../model/plan/plan-schema.ts'
import { hasChanges } from '../../model/plan/plan.ts'
import { fleetChanged } from '../../pipeline/settings/fleet-changed.ts'
import type { Ask } from '../../ports/ask.ts'
import { planText } from '../../views/plan/text/plan.ts'
import type { ApplyFlags, Common } from '../arguments/arguments.ts'
import { type Context, exitCode } from '../session/context.ts'
import { gate } from '../session/run-gates.ts'
import { makePlan } from '../session/make-plan.ts'
import { openFleet } from '../open/fleet.ts'
import { openPlan } from '../open/plan.ts'
import { directoryOf } from '../open/place.ts'
import { refuse, refuseInterrupted } from '../session/refuse.ts'
import { roll } from '../session/roll.ts'
import { selectHosts } from '../open/select-hosts.ts'
import { tell } from '../session/tell.ts'
import { styleOf } from '../session/terminal.ts'
import { openWorld, type World } from '../world.ts'
import { showActivation } from './dry-activate.ts'

export type Flags = Common & ApplyFlags

/** `fleet apply [PLAN]`: rolls out a saved plan, or plans, shows and asks. */
export async function apply(flags: Flags, context: Context): Promise<number> {
  const { terminal } = context
  const ask = terminalAsk(terminal.stdin, terminal.stderr)
  const isApproved = flags.plan !== null || flags.autoApprove || flags.dryActivate
  if (!isApproved && (!ask.possible || flags.json)) {
    const why = flags.json ? '`--json` leaves no room for a question' : 'there is no terminal to ask on'
    const detail = `Applying without a saved plan takes a yes, and ${why}. Give a plan, or --auto-approve.`
    return refuse([diagnostic('usage/no-approval', 'nobody can be asked', detail)], flags, context, exitCode.usage)
  }
  const world = openWorld(directoryOf(flags), flags, terminal.environment)
  try {
    return flags.plan === null
      ? await planAndApply(flags, context, world, ask)
      : await applySaved(flags.plan, flags, context, world, ask)
  } finally {
    await world.close()
  }
}

/** A saved plan is the approval: it is applied without a question. */
async function applySaved(file: string, flags: Flags, context: Context, world: World, ask: Ask): Promise<number> {
  const opened = await openPlan(file)
  if (!opened.ok) return refuse(opened.diagnostics, flags, context)
  const approved = await gate(opened.value, flags, context, world, ask)
  if (typeof approved === 'number') return approved
  // The plan is enough to apply it; a fleet.yaml that is there and says something else is worth a warning.
  const fleet = await openFleet(flags)
  const notes = fleet.ok ? fleetChanged(fleet.value, opened.value.body) : []
  tell(notes, context.terminal, flags)
  return carryOut(opened.value, approved, flags, context, world, ask, notes)
}

/** Rolls out, or with `--dry-activate` shows what that would do to units. */
async function carryOut(
  plan: Plan,
  approved: readonly SelectedWave[],
  flags: Flags,
  context: Context,
  world: World,
  ask: Ask,
  notes: readonly Diagnostic[] = [],
): Promise<number> {
  if (flags.dryActivate) return showActivation(plan, approved, flags, context, world)
  const { lock, name } = plan.body
  const fleetLock = lock === null ? null : world.fleetLockAt(lock.http, name)
  return roll(plan, approved, flags, context, { ...world, fleetLock }, ask, notes)
}

async function planAndApply(flags: Flags, context: Context, world: World, ask: Ask): Promise<number> {
  const { terminal, interrupts } = context
  const fleet = await openFleet(flags)
  if (!fleet.ok) return refuse(fleet.diagnostics, flags, context, exitCode.failed)
  tell(fleet.diagnostics, terminal, flags)
  const { waves, groups } = fleet.value
  const selected = selectHosts(flags, waves, groups)
  if (!selected.ok) return refuse(selected.diagnostics, flags, context, exitCode.usage)
  // A later wave is judged by the earlier ones, so those are planned as well, though not applied.
  const first = waves.findLastIndex(({ name }) => flags.waves.includes(name))
  const before = waves.slice(0, Math.max(0, first)).flatMap(({ hosts }) => hosts)
  const made = await makePlan(fleet.value, new Set([...before, ...selected.hosts]), flags, world, context)
  if (interrupts.first.aborted) return refuseInterrupted(flags, context)
  if (!made.ok) return refuse(made.diagnostics, flags, context, exitCode.failed)
  tell(made.diagnostics, terminal, flags)
  return approveAndCarryOut(made.value, flags, context, world, ask)
}

/** Shows a plan that was just made, asks, and carries it out. */
export async function approveAndCarryOut(
  plan: Plan,
  flags: Flags,
  context: Context,
  world: World,
  ask: Ask,
): Promise<number> {
  const { terminal, interrupts } = context
  if (!flags.json)
    terminal.stdout.write(
      planText(plan, { ...styleOf(terminal.stdout, terminal, flags.color), verbose: flags.verbose }),
    )
  if (!flags.json && plan.body.complete && !hasChanges(plan.body)) return exitCode.done
  const approved = await gate(plan, flags, context, world, ask)
  if (typeof approved === 'number') return approved
  const hosts = approved.flatMap((wave) => wave.hosts)
  const question = `\nRoll this out to ${hosts.length} ${hosts.length === 1 ? 'host' : 'hosts'} (${hosts.join(', ')})?`
  if (!flags.autoApprove && !flags.dryActivate && !(await ask.confirm(question, interrupts.first))) {
    if (interrupts.first.aborted) return refuseInterrupted(flags, context, plan)
    return refuse([diagnostic('apply/not-approved', 'not approved', 'The answer was not yes.')], flags, context)
  }
  return carryOut(plan, approved, flags, context, world, ask)
}
