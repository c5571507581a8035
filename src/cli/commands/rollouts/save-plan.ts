import type { Plan } from '../../../model/plan/plan-schema.ts'
import { planText } from '../../../views/plan/text/plan.ts'
import type { Common } from '../../arguments/command.ts'
import { keepPlan } from '../../open/keep-plan.ts'
import { type Context, exitCode } from '../../session/context.ts'
import { tell } from '../../session/tell.ts'
import { styleOf } from '../../session/terminal.ts'

/** Shows a plan that is not rolled out now, and saves it for `fleet apply`. Returns the exit code. */
export async function savePlan(plan: Plan, file: string, flags: Common, context: Context): Promise<number> {
  const { terminal } = context
  const unsaved = await keepPlan(file, plan, null, context.interrupts.first)
  const style = { ...styleOf(terminal.stdout, terminal, flags.color), verbose: flags.verbose }
  terminal.stdout.write(planText(plan, style))
  tell(unsaved, terminal, flags)
  if (unsaved.length > 0) return exitCode.failed
  if (!flags.quiet) terminal.stderr.write(`\nSaved to ${file}. To roll out exactly this plan: fleet apply ${file}\n`)
  return exitCode.done
}
