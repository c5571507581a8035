import type { Failure } from '../../model/plan/plan-schema.ts'
import { cleanLine } from '../../model/text/text.ts'
import type { RemoteAnswer } from '../../ports/remote.ts'

/** Why a program that was to run as root on a host ended before it said anything. */
export function notStarted(answer: Extract<RemoteAnswer, { readonly how: 'answered' }>): Failure {
  const said = cleanLine(answer.stderr.trim().split('\n').at(-1) ?? '')
  if (/password is required|terminal is required|may not run|not in the sudoers/i.test(answer.stderr))
    return { code: 'lock/sudo', summary: 'sudo refuses this login', detail: said }
  const missing = answer.code === 127 ? /exec: (\S{1,200}): not found/.exec(answer.stderr)?.[1] : undefined
  const why =
    missing === undefined
      ? `The program that holds it ended (${answer.code})${said === '' ? '' : `: ${said}`}.`
      : `${cleanLine(missing)} is not on the host, and \`sudo\` in fleet.yaml names it.`
  return { code: 'lock/failed', summary: 'the lock could not be taken', detail: why }
}
