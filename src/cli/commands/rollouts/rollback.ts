import { terminalAsk } from '../../../adapters/terminal-ask.ts'
import { diagnostic, type Outcome } from '../../../model/diagnostic.ts'
import type { Plan } from '../../../model/plan/plan-schema.ts'
import { type RunStory, storyOf } from '../../../model/run/story.ts'
import { changedBy, rollbackPlan } from '../../../pipeline/plan/rollback-plan.ts'
import type { RunRecord } from '../../../ports/journal.ts'
import type { Common } from '../../arguments/command.ts'
import { type Context, exitCode } from '../../session/context.ts'
import { findRun } from '../../open/find-run.ts'
import { openPlan } from '../../open/plan.ts'
import { directoryOf, operator } from '../../open/place.ts'
import { refuse, refuseInterrupted } from '../../session/refuse.ts'
import type { RollbackFlags } from '../../arguments/rollouts/rollback-flags.ts'
import { selectHosts } from '../../open/select-hosts.ts'
import { version } from '../../open/version.ts'
import { openWorld, type World } from '../../world.ts'
import { approveAndCarryOut } from './apply.ts'
import { savePlan } from './save-plan.ts'

type Flags = Common & RollbackFlags

/** A run that can be rolled back: its story, its plan, and those of its hosts that are wanted. */
interface Taken {
  readonly story: RunStory
  readonly plan: Plan
  readonly selected: ReadonlySet<string>
}

/** `fleet rollback`: a plan that rolls a run back, shown, approved and rolled out as any other. It needs neither fleet.yaml nor Nix. */
export async function rollback(flags: Flags, context: Context): Promise<number> {
  const { terminal } = context
  const ask = terminalAsk(terminal.stdin, terminal.stderr)
  if (flags.out === null && !flags.autoApprove && (!ask.possible || flags.json)) {
    const why = flags.json ? '`--json` leaves no room for a question' : 'there is no terminal to ask on'
    const detail = `A rollback needs confirmation, and ${why}. Pass --auto-approve, or save the plan with -o FILE and apply it.`
    return refuse(
      [diagnostic('usage/no-approval', 'confirmation is not possible', detail)],
      { flags, context },
      exitCode.usage,
    )
  }
  const world = openWorld(directoryOf(flags), flags, terminal.environment)
  const session = { flags, context, world, ask }
  try {
    const taken = await findTaken(flags, world)
    if (!taken.ok) return refuse(taken.diagnostics, session, exitCode.usage)
    const { parallelism } = flags
    const made = await rollbackPlan(
      { ...taken.value, parallelism, version: version(), operator: operator() },
      world,
      context.interrupts.first,
    )
    if (context.interrupts.first.aborted) return refuseInterrupted(session)
    if (!made.ok) return refuse(made.diagnostics, session)
    return flags.out === null
      ? await approveAndCarryOut(made.value, session)
      : await savePlan(made.value, flags.out, flags, context)
  } finally {
    await world.close()
  }
}

/** The run that is named, or the latest that changed any of the selected hosts. */
async function findTaken(flags: Flags, { runs }: World): Promise<Outcome<Taken>> {
  if (flags.run !== null) {
    const found = await findRun(runs, flags.run)
    return found.ok ? takenOf(found.value, flags) : found
  }
  for (const run of runs.names()) {
    const record = await runs.read(run)
    if (record === null || changedBy(storyOf(record)).size === 0) continue
    const taken = await takenOf(record, flags)
    // A run whose plan cannot be read may have been the latest: nobody guesses past it.
    if (!taken.ok) return taken
    // A reboot left every system as it was.
    if (taken.value.plan.body.reboot != null) continue
    const changed = changedBy(taken.value.story)
    if ([...taken.value.selected].some((host) => changed.has(host))) return taken
  }
  const detail = 'No recorded run changed any of the selected hosts. `fleet history` lists the runs.'
  return { ok: false, diagnostics: [diagnostic('rollback/no-run', 'nothing to roll back', detail)] }
}

async function takenOf(record: RunRecord, flags: Flags): Promise<Outcome<Taken>> {
  const { run, planFile } = record
  if (record.isRunning) return { ok: false, diagnostics: [stillRunning(run)] }
  if (planFile === null) {
    const detail = `The plan.json of run ${run} is missing. It holds what its hosts ran before.`
    return { ok: false, diagnostics: [diagnostic('rollback/no-plan', 'the plan of the run is missing', detail)] }
  }
  const opened = await openPlan(planFile)
  if (!opened.ok) return opened
  const plan = opened.value
  const selected = selectHosts(flags, plan.body.waves, plan.body.groups)
  return selected.ok
    ? { ok: true, value: { story: storyOf(record), plan, selected: selected.hosts }, diagnostics: [] }
    : selected
}

function stillRunning(run: string) {
  const detail = `Run ${run} is still running. Interrupt it first (Ctrl-C once), or wait for its end.`
  return diagnostic('rollback/running', 'the run has not ended', detail)
}
