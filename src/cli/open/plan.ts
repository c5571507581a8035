import { readPlan } from '../../adapters/state/plan-file.ts'
import { type Diagnostic, diagnostic, type Outcome } from '../../model/diagnostic.ts'
import type { Plan } from '../../model/plan/plan-schema.ts'
import { loadPlan } from '../../pipeline/plan/load.ts'
import { whyUnread } from './why-unread.ts'

/** Reads a saved plan and its digest; `judge` may refuse the very text that was read. */
export async function openPlan(
  file: string,
  judge: ((text: string) => Promise<Diagnostic | null>) | null = null,
): Promise<Outcome<Plan>> {
  let text: string
  try {
    text = await readPlan(file)
  } catch (error) {
    const why = whyUnread(error as NodeJS.ErrnoException)
    return {
      ok: false,
      diagnostics: [
        diagnostic(
          'plan/unreadable',
          'the plan cannot be read',
          `${file}: ${why} \`fleet plan -o ${file}\` makes one.`,
        ),
      ],
    }
  }
  const refusal = judge === null ? null : await judge(text)
  return refusal === null ? loadPlan(text, file) : { ok: false, diagnostics: [refusal] }
}
