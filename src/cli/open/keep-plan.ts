import { savePlan } from '../../adapters/state/plan-file.ts'
import { type Diagnostic, diagnostic } from '../../model/diagnostic.ts'
import type { Plan } from '../../model/plan/plan-schema.ts'

/** Saves a plan where the operator wants it; says why where that cannot be written. */
export async function keepPlan(file: string, plan: Plan): Promise<readonly Diagnostic[]> {
  try {
    await savePlan(file, plan)
    return []
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === undefined) throw error
    // The error itself names a temporary file, which nobody asked for.
    const detail = `${file}: ${message.replace(/, \w+( '.*)?$/s, '')}. Name another file with \`-o FILE\`.`
    return [diagnostic('plan/not-saved', 'the plan could not be saved', detail)]
  }
}
