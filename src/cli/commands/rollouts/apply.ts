import { rolloutQuestion } from '../../../views/run/rollout-question.ts'
import { terminalAsk } from '../../../adapters/terminal-ask.ts'
import { diagnostic } from '../../../model/diagnostic.ts'
import type { Plan } from '../../../model/plan/plan-schema.ts'
import { hasChanges } from '../../../model/plan/plan.ts'
import { fleetChanged } from '../../../pipeline/settings/fleet-changed.ts'
import { planText } from '../../../views/plan/text/plan.ts'
import type { ApplyFlags } from '../../arguments/apply-flags.ts'
import type { Common } from '../../arguments/command.ts'
import { type Context, exitCode } from '../../session/context.ts'
import { signatureGate } from '../../gates/signature-gate.ts'
import { runsHereGate } from '../../gates/runs-here-gate.ts'
import { runGates } from '../../session/run-gates.ts'
import type { OpenSession } from '../../session/session.ts'
import { makePlan } from '../../session/make-plan.ts'
import { openFleet } from '../../open/fleet.ts'
import { openPlan } from '../../open/plan.ts'
import { directoryOf } from '../../open/place.ts'
import { refuse, refuseInterrupted } from '../../session/refuse.ts'
import { type Approved, roll } from '../../session/roll.ts'
import { selectHosts } from '../../open/select-hosts.ts'
import { tell } from '../../session/tell.ts'
import { styleOf } from '../../session/terminal.ts'
import { openWorld, type World } from '../../world.ts'
import { showActivation } from './dry-activate.ts'

export type Flags = Common & ApplyFlags

/** `fleet apply [PLAN]`: rolls out a saved plan, or plans, shows and asks. */
export async function apply(flags: Flags, context: Context): Promise<number> {
  const { terminal } = context
  const ask = terminalAsk(terminal.stdin, terminal.stderr)
  const isApproved = flags.plan !== null || flags.autoApprove || flags.dryActivate
  if (!isApproved && (!ask.possible || flags.json)) {
    const why = flags.json ? '`--json` leaves no room for a question' : 'there is no terminal to ask on'
    const detail = `Applying without a saved plan needs confirmation, and ${why}. Pass a saved plan or --auto-approve.`
    return refuse(
      [diagnostic('usage/no-approval', 'confirmation is not possible', detail)],
      { flags, context },
      exitCode.usage,
    )
  }
  const world = openWorld(directoryOf(flags), flags, terminal.environment)
  const session = { flags, context, world, ask }
  try {
    return flags.plan === null ? await planAndApply(session) : await applySaved(flags.plan, session)
  } finally {
    await world.close()
  }
}

/** A saved plan is the approval: it is applied without a question. */
async function applySaved(file: string, session: OpenSession<World>): Promise<number> {
  const { flags, context } = session
  const { requireSignature: allowedSigners } = flags
  const { first: signal } = context.interrupts
  const judge = (text: string) =>
    allowedSigners === null ? Promise.resolve(null) : signatureGate(text, { file, allowedSigners, signal })
  const opened = await openPlan(file, judge)
  if (!opened.ok) return refuse(opened.diagnostics, session)
  // The plan is enough to apply it; a fleet.yaml that is there and says something else is worth a question or a warning.
  const fleet = await openFleet(flags)
  const otherPrograms = await runsHereGate(opened.value, fleet, { ...session, signal })
  if (otherPrograms.length > 0) return refuse(otherPrograms, session, exitCode.refused, opened.value)
  const approved = await runGates(opened.value, session)
  if (typeof approved === 'number') return approved
  const notes = fleet.ok ? fleetChanged(fleet.value, opened.value.body) : []
  tell(notes, context.terminal, flags)
  return carryOut({ plan: opened.value, selection: approved, notes }, session)
}

/** Rolls out, or with `--dry-activate` shows what that would do to units. */
async function carryOut(approved: Approved, session: OpenSession<World>): Promise<number> {
  const { flags, context, world } = session
  if (flags.dryActivate) return showActivation(approved, flags, context, world)
  const { lock, name } = approved.plan.body
  const fleetLock = lock === null ? null : world.fleetLockAt(lock.http, name)
  const code = await roll(approved, { ...session, world: { ...world, fleetLock } })
  const unpruned = await world.runs.prune(world.clock.now())
  if (unpruned !== null) {
    const { code: why, summary, detail } = unpruned
    tell(
      [{ ...diagnostic('state/not-pruned', summary, detail, { severity: 'warning' }), code: why }],
      context.terminal,
      flags,
    )
  }
  return code
}

async function planAndApply(session: OpenSession<World>): Promise<number> {
  const { flags, context, world } = session
  const { terminal, interrupts } = context
  const fleet = await openFleet(flags)
  if (!fleet.ok) return refuse(fleet.diagnostics, session, exitCode.failed)
  tell(fleet.diagnostics, terminal, flags)
  const { waves, groups } = fleet.value
  const selected = selectHosts(flags, waves, groups)
  if (!selected.ok) return refuse(selected.diagnostics, session, exitCode.usage)
  // A later wave is judged by the earlier ones, so those are planned as well, though not applied.
  const first = waves.findLastIndex(({ name }) => flags.waves.includes(name))
  const before = waves.slice(0, Math.max(0, first)).flatMap(({ hosts }) => hosts)
  const wanted = { fleet: fleet.value, selected: new Set([...before, ...selected.hosts]) }
  const made = await makePlan(wanted, flags, world, context)
  if (interrupts.first.aborted) return refuseInterrupted(session)
  if (!made.ok) return refuse(made.diagnostics, session, exitCode.failed)
  tell(made.diagnostics, terminal, flags)
  return approveAndCarryOut(made.value, session)
}

/** Shows a plan that was just made, asks, and carries it out. */
export async function approveAndCarryOut(plan: Plan, session: OpenSession<World>): Promise<number> {
  const { flags, ask } = session
  const { terminal, interrupts } = session.context
  if (!flags.json)
    terminal.stdout.write(
      planText(plan, { ...styleOf(terminal.stdout, terminal, flags.color), verbose: flags.verbose }),
    )
  const isDone = !hasChanges(plan.body) && flags.overrides.reactivate.length === 0
  if (!flags.json && plan.body.complete && isDone) return exitCode.done
  const approved = await runGates(plan, session)
  if (typeof approved === 'number') return approved
  const question = `\n${rolloutQuestion(plan.body, approved, flags.overrides)}`
  if (!flags.autoApprove && !flags.dryActivate && !(await ask.confirm(question, interrupts.first))) {
    if (interrupts.first.aborted) return refuseInterrupted(session, plan)
    terminal.stdout.write('Apply cancelled: you did not answer yes. Nothing was changed.\n')
    return exitCode.refused
  }
  return carryOut({ plan, selection: approved, notes: [] }, session)
}
