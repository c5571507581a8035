import type { Plan } from '../../../model/plan/plan-schema.ts'
import { hasChanges } from '../../../model/plan/plan.ts'
import { keptLine } from '../../../views/plan/text/kept.ts'
import { planDocument } from '../../../views/plan/document.ts'
import type { Common } from '../../arguments/command.ts'
import type { PlanFlags } from '../../arguments/plan-flags.ts'
import { type Context, exitCode } from '../../session/context.ts'
import { keepPlan } from '../../open/keep-plan.ts'
import { makePlan } from '../../session/make-plan.ts'
import { openFleet } from '../../open/fleet.ts'
import { openObserved } from '../../open/observed.ts'
import { directoryOf } from '../../open/place.ts'
import { disabledIn, selectHosts } from '../../open/select-hosts.ts'
import { tell } from '../../session/tell.ts'
import { styleOf } from '../../session/terminal.ts'
import { openWorld } from '../../world.ts'

/** `fleet plan`: evaluate, observe, differ, present. Changes nothing, takes no lock. */
export async function plan(flags: Common & PlanFlags, context: Context): Promise<number> {
  const { terminal, interrupts } = context
  const fleet = await openFleet(flags)
  tell(fleet.diagnostics, terminal, flags)
  if (!fleet.ok) return exitCode.failed
  const selected = selectHosts(flags, fleet.value.waves, fleet.value.groups, disabledIn(fleet.value))
  if (!selected.ok) {
    tell(selected.diagnostics, terminal, flags)
    return exitCode.usage
  }
  const { importFromDerivation } = flags
  const seal = flags.offline && flags.base !== null ? { importFromDerivation } : null
  const world = openWorld(directoryOf(flags), flags, terminal.environment, seal)
  try {
    const observed = flags.observed === null ? null : await openObserved(flags.observed, fleet.value)
    if (observed?.ok === false) {
      tell(observed.diagnostics, terminal, flags)
      return exitCode.failed
    }
    const asked = { ...flags, status: observed?.value ?? null }
    const made = await makePlan({ fleet: fleet.value, selected: selected.hosts }, asked, world, context)
    // What was interrupted is not a finding: no host failed to answer because the operator left.
    if (interrupts.first.aborted) return exitCode.interrupted
    tell(made.diagnostics, terminal, flags)
    if (!made.ok) return exitCode.failed
    const unsaved = flags.out === null ? [] : await keepPlan(flags.out, made.value, flags.signWith, interrupts.first)
    // It took a while to make: it is shown all the same, and never called saved.
    present(made.value, flags, context, unsaved.length === 0)
    tell(unsaved, terminal, flags)
    return unsaved.length === 0 ? codeOf(made.value, flags) : exitCode.failed
  } finally {
    await world.close()
  }
}

function present(made: Plan, flags: Common & PlanFlags, { terminal }: Context, isKept: boolean): void {
  const { stdout, stderr } = terminal
  stdout.write(planDocument(made, { ...flags, ...styleOf(stdout, terminal, flags.color) }))
  if (flags.quiet || flags.format !== 'text' || !isKept) return
  const line = keptLine({ out: flags.out, offline: flags.offline, hasChanges: hasChanges(made.body) })
  if (line !== '') stderr.write(`\n${line}\n`)
}

function codeOf({ body }: Plan, { strict, detailedExitCode }: PlanFlags): number {
  const hosts = Object.values(body.hosts)
  if (hosts.some(({ action }) => action === 'evaluation-failed')) return exitCode.failed
  if (strict && !body.complete) return exitCode.incomplete
  return detailedExitCode && hasChanges(body) ? exitCode.changes : exitCode.done
}
