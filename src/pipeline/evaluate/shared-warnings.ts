import type { Note } from '../../model/plan/plan-schema.ts'
import type { Evaluation, Found } from '../../model/host/system.ts'

/** Warnings of a fleet, each said once where every host has it. */
export interface FleetWarnings {
  /** What every evaluated host warns of; empty where only one host was evaluated. */
  readonly notes: readonly Note[]
  /** What is left for each host to say, in its own order. */
  readonly own: ReadonlyMap<string, readonly string[]>
}

/** Sorts the warnings of evaluation into those of the whole fleet and those of single hosts. */
export function sharedWarnings(evaluations: ReadonlyMap<string, Found<Evaluation>>): FleetWarnings {
  const warnings = [...evaluations].flatMap(([host, found]) =>
    found.ok ? [[host, [...new Set(found.value.warnings)]] as const] : [],
  )
  const [first, ...others] = warnings
  const rest = others.map(([, texts]) => new Set(texts))
  const shared = new Set(
    first === undefined || rest.length === 0 ? [] : first[1].filter((text) => rest.every((texts) => texts.has(text))),
  )
  const detail = `All ${warnings.length} hosts that were evaluated warn of it.`
  return {
    notes: [...shared].map((summary) => ({ code: 'plan/evaluation-warning', severity: 'warning', summary, detail })),
    own: new Map(warnings.map(([host, texts]) => [host, texts.filter((text) => !shared.has(text))])),
  }
}
