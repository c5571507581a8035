import writeFileAtomic from 'write-file-atomic'
import { readNamedFile } from '../files/named-file.ts'
import type { Plan } from '../../model/plan/plan-schema.ts'

/** A plan as its file holds it. */
export function planFileText(plan: Plan): string {
  return `${JSON.stringify(plan, null, 2)}\n`
}

/** Saves a plan, or its signature, readable by its owner alone; an old file is replaced whole or not at all. */
export async function saveText(file: string, text: string): Promise<void> {
  await writeFileAtomic(file, text, { mode: 0o600 })
}

/** Bytes of a plan: that of some ten thousand hosts. */
const largest = 512 * 1024 * 1024

/** Reads a saved plan's text; rejects as `readNamedFile` does. */
export function readPlan(file: string): Promise<string> {
  return readNamedFile(file, largest)
}
