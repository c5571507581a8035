import { planText } from '../../views/plan-text.ts'
import type { Common } from '../arguments.ts'
import { type Context, exitCode } from '../context.ts'
import { openPlan } from '../open-plan.ts'
import { tell } from '../tell.ts'
import { styleOf } from '../terminal.ts'

/** `fleet show PLAN`: a saved plan as `fleet plan` showed it. Asks nobody. */
export async function show(
  flags: Common & { readonly plan: string; readonly format: 'text' | 'json' },
  { terminal }: Context,
): Promise<number> {
  const opened = await openPlan(flags.plan)
  tell(opened.diagnostics, terminal, flags)
  if (!opened.ok) return exitCode.failed
  const style = styleOf(terminal.stdout, terminal, flags.color)
  terminal.stdout.write(
    flags.format === 'json'
      ? `${JSON.stringify(opened.value, null, 2)}\n`
      : planText(opened.value, { ...style, verbose: flags.verbose }),
  )
  return exitCode.done
}
