import { planDocument } from '../../../views/plan/document.ts'
import type { Common } from '../../arguments/command.ts'
import type { FormatFlags } from '../../arguments/plan-flags.ts'
import { type Context, exitCode } from '../../session/context.ts'
import { openPlan } from '../../open/plan.ts'
import { tell } from '../../session/tell.ts'
import { styleOf } from '../../session/terminal.ts'

/** `fleet show PLAN`: a saved plan as `fleet plan` showed it. Asks nobody. */
export async function show(
  flags: Common & FormatFlags & { readonly plan: string },
  { terminal }: Context,
): Promise<number> {
  const opened = await openPlan(flags.plan)
  tell(opened.diagnostics, terminal, flags)
  if (!opened.ok) return exitCode.failed
  const { stdout } = terminal
  stdout.write(planDocument(opened.value, { ...flags, ...styleOf(stdout, terminal, flags.color) }))
  return exitCode.done
}
