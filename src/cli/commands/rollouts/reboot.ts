import { terminalAsk } from '../../../adapters/terminal-ask.ts'
import { diagnostic, type Outcome } from '../../../model/diagnostic.ts'
import type { Fleet } from '../../../model/fleet/fleet.ts'
import type { Plan } from '../../../model/plan/plan-schema.ts'
import { rebootPlan } from '../../../pipeline/plan/reboot-plan.ts'
import type { Common } from '../../arguments/command.ts'
import type { RebootFlags } from '../../arguments/rollouts/reboot-flags.ts'
import { openFleet } from '../../open/fleet.ts'
import { directoryOf, operator } from '../../open/place.ts'
import { disabledIn, selectHosts } from '../../open/select-hosts.ts'
import { version } from '../../open/version.ts'
import { type Context, exitCode } from '../../session/context.ts'
import { openProgress } from '../../session/progress.ts'
import { refuse, refuseInterrupted } from '../../session/refuse.ts'
import { tell } from '../../session/tell.ts'
import { openWorld, type World } from '../../world.ts'
import { approveAndCarryOut } from './apply.ts'
import { savePlan } from './save-plan.ts'

type Flags = Common & RebootFlags

/** `fleet reboot`: a plan of reboots, shown, approved and rolled out as any other. It evaluates nothing, and needs no Nix. */
export async function reboot(flags: Flags, context: Context): Promise<number> {
  const { terminal } = context
  const { simulate } = flags
  const ask = terminalAsk(terminal.stdin, terminal.stderr)
  if (simulate === null && flags.out === null && !flags.autoApprove && (!ask.possible || flags.json)) {
    const why = flags.json ? '`--json` leaves no room for a question' : 'there is no terminal to ask on'
    const detail = `A reboot needs confirmation, and ${why}. Pass --yes, or save the plan with -o FILE and apply it.`
    const problem = diagnostic('usage/no-approval', 'confirmation is not possible', detail)
    return refuse([problem], { flags, context }, exitCode.usage)
  }
  const fleet = await openFleet(flags)
  if (!fleet.ok) return refuse(fleet.diagnostics, { flags, context }, exitCode.failed)
  tell(fleet.diagnostics, terminal, flags)
  const selected = selectHosts(flags, fleet.value.waves, fleet.value.groups, disabledIn(fleet.value))
  if (!selected.ok) return refuse(selected.diagnostics, { flags, context }, exitCode.usage)
  if (simulate !== null) {
    const { simulateReboot } = await import('./simulate.ts')
    return simulateReboot({ ...flags, simulate }, fleet.value, selected.hosts, context)
  }
  const world = openWorld(directoryOf(flags), flags, terminal.environment)
  const session = { flags, context, world, ask }
  try {
    const made = await planOf(flags, { fleet: fleet.value, hosts: selected.hosts }, world, context)
    if (context.interrupts.first.aborted) return refuseInterrupted(session)
    if (!made.ok) return refuse(made.diagnostics, session)
    return flags.out === null
      ? await approveAndCarryOut(made.value, session)
      : await savePlan(made.value, flags.out, flags, context)
  } finally {
    await world.close()
  }
}

async function planOf(
  flags: Flags,
  { fleet, hosts }: { readonly fleet: Fleet; readonly hosts: ReadonlySet<string> },
  world: World,
  { terminal, interrupts }: Context,
): Promise<Outcome<Plan>> {
  const { which, parallelism } = flags
  const progress = openProgress(
    `contacting ${hosts.size} ${hosts.size === 1 ? 'host' : 'hosts'}`,
    flags,
    terminal,
    world.clock,
  )
  let observed = 0
  const onHost = () => progress.show({ evaluated: null, observed: ++observed, total: hosts.size, leftMs: null })
  const asking = rebootPlan(
    { fleet, selected: hosts, which, parallelism, version: version(), operator: operator(), onHost },
    world,
    interrupts.first,
  )
  // Whatever happens: what tells how far it is would keep the program alive.
  await Promise.allSettled([asking])
  await progress.close('asked')
  return asking
}
