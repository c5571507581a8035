import { planFileText, saveText } from '../../adapters/state/plan-file.ts'
import { signatureOf, signPlanText } from '../../adapters/state/plan-signature.ts'
import { type Diagnostic, diagnostic } from '../../model/diagnostic.ts'
import type { Plan } from '../../model/plan/plan-schema.ts'

/** Saves a plan where the operator wants it, signed where a key is given; says why where that cannot be done. */
export async function keepPlan(
  file: string,
  plan: Plan,
  signWith: string | null,
  signal: AbortSignal,
): Promise<readonly Diagnostic[]> {
  const text = planFileText(plan)
  try {
    await saveText(file, text)
    if (signWith === null) return []
    const signed = await signPlanText(text, signWith, signal)
    if (!signed.ok) return [notSigned(file, signWith, signed.why)]
    await saveText(signatureOf(file), signed.value)
    return []
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === undefined) throw error
    // The error itself names a temporary file, which nobody asked for.
    const detail = `${file}: ${message.replace(/, \w+( '.*)?$/s, '')}. Name another file with \`-o FILE\`.`
    return [diagnostic('plan/not-saved', 'the plan could not be saved', detail)]
  }
}

function notSigned(file: string, key: string, why: string): Diagnostic {
  const detail = `${file} is saved without a signature: ${key}: ${why.replace(/\.$/, '')}. A key with a passphrase has to be in ssh-agent; then name its .pub file.`
  return diagnostic('plan/not-signed', 'the plan could not be signed', detail)
}
