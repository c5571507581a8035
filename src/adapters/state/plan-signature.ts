import { cleanText } from '../../model/text/text.ts'
import { type Ended, run } from '../process.ts'

/** What a signature of ssh-keygen is for: one made for something else does not count for a plan. */
const namespace = 'fleet-plan'
/** Milliseconds that ssh-keygen may take; a key on a token waits for a finger. */
const patience = 60_000

/** What came of it, or why nothing did, as a sentence. */
export type Signing = { readonly ok: true; readonly value: string } | { readonly ok: false; readonly why: string }

/** Where the signature of a plan file lies: beside it, as ssh-keygen names it. */
export function signatureOf(planFile: string): string {
  return `${planFile}.sig`
}

/** Signs a plan's text with an ssh key, or with the public half of one that ssh-agent holds; the value is the signature. */
export async function signPlanText(text: string, key: string, signal: AbortSignal): Promise<Signing> {
  return outcome(await keygen(['sign', '-n', namespace, '-f', key], text, signal))
}

/** Whether one of the allowed signers has signed exactly this text; the value is who. */
export async function verifyPlanText(
  text: string,
  { signature, allowedSigners }: { readonly signature: string; readonly allowedSigners: string },
  signal: AbortSignal,
): Promise<Signing> {
  const found = outcome(await keygen(['find-principals', '-s', signature, '-f', allowedSigners], '', signal))
  if (!found.ok) return found
  const signer = found.value.split('\n')[0]?.trim() ?? ''
  const args = ['verify', '-n', namespace, '-f', allowedSigners, '-I', signer, '-s', signature]
  const verified = outcome(await keygen(args, text, signal))
  return verified.ok ? { ok: true, value: signer } : verified
}

function keygen([action = '', ...args]: readonly string[], stdin: string, signal: AbortSignal): Promise<Ended> {
  // Nobody is asked for a passphrase: such a key belongs to ssh-agent.
  const env = { LC_ALL: 'C', SSH_ASKPASS_REQUIRE: 'force', SSH_ASKPASS: 'false' }
  return run({ program: 'ssh-keygen', args: ['-Y', action, ...args], stdin, env, timeoutMs: patience }, signal)
}

function outcome(ended: Ended): Signing {
  if (ended.how === 'exited' && ended.code === 0) return { ok: true, value: ended.stdout }
  const said = cleanText(ended.how === 'not-started' ? ended.reason : ended.stderr || ended.stdout).trim()
  return { ok: false, why: said === '' ? `ssh-keygen ended as ${ended.how}` : said }
}
