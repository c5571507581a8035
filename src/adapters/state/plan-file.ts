import { readFile } from 'node:fs/promises'
import writeFileAtomic from 'write-file-atomic'
import type { Plan } from '../../model/plan/plan-schema.ts'

/** Saves a plan, readable by its owner alone; an old file is replaced whole or not at all. */
export async function savePlan(file: string, plan: Plan): Promise<void> {
  await writeFileAtomic(file, `${JSON.stringify(plan, null, 2)}\n`, { mode: 0o600 })
}

/** Reads a saved plan's text; rejects as `readFile` does. */
export function readPlan(file: string): Promise<string> {
  return readFile(file, 'utf8')
}
