import { type Diagnostic, diagnostic } from '../../../model/diagnostic.ts'
import type { PlanBody } from '../../../model/plan/plan-schema.ts'
import type { Engine } from '../../../ports/engine.ts'

/** Engines that hosts of the selection are to be changed by and that cannot be used on this machine: told before anything starts. */
export async function unusableEngines(
  { hosts }: PlanBody,
  selected: ReadonlySet<string>,
  engines: Readonly<Partial<Record<string, Engine>>>,
  signal: AbortSignal,
): Promise<readonly Diagnostic[]> {
  const wanted = new Set(
    Object.entries(hosts).flatMap(([name, { action, settings }]) =>
      selected.has(name) && action === 'change' ? [settings.engine] : [],
    ),
  )
  const problems = await Promise.all([...wanted].map(async (name) => engines[name]?.unusable?.(signal) ?? null))
  return problems.flatMap((problem) =>
    problem === null ? [] : [diagnostic(problem.code, problem.summary, problem.detail)],
  )
}
