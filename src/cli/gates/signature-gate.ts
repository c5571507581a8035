import { signatureOf, verifyPlanText } from '../../adapters/state/plan-signature.ts'
import { type Diagnostic, diagnostic } from '../../model/diagnostic.ts'

/** Whose signature a plan file needs. */
export interface Signed {
  readonly file: string
  /** A file of allowed signers, as ssh-keygen(1) describes it. */
  readonly allowedSigners: string
  readonly signal: AbortSignal
}

/** Why the text that was read of a plan file is not signed by an allowed signer; null: it is. */
export async function signatureGate(
  text: string,
  { file, allowedSigners, signal }: Signed,
): Promise<Diagnostic | null> {
  const signature = signatureOf(file)
  const verified = await verifyPlanText(text, { signature, allowedSigners }, signal)
  if (verified.ok) return null
  const detail = `${signature} is no signature of ${file} by one of the signers in ${allowedSigners}: ${verified.why.replace(/\.$/, '')}. \`fleet plan -o ${file} --sign-with KEY\` signs.`
  return diagnostic('plan/signature', 'the plan is not signed by an allowed signer', detail)
}
