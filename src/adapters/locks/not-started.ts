import type { Failure } from '../../model/plan/plan-schema.ts'
import { cleanLine } from '../../model/text/text.ts'
import type { RemoteAnswer } from '../../ports/remote.ts'

/** Why a program that was to run as root on a host ended before it said anything. */
export function notStarted(answer: Extract<RemoteAnswer, { readonly how: 'answered' }>): Failure {
  const said = cleanLine(answer.stderr.trim().split('\n').at(-1) ?? '')
  if (/password is required|terminal is required|may not run|not in the sudoers/i.test(answer.stderr))
    return { code: 'lock/sudo', summary: 'sudo refuses this login', detail: said }
  return {
    code: 'lock/failed',
    summary: 'the lock could not be taken',
    detail: `The program that holds it ended (${answer.code})${said === '' ? '' : `: ${said}`}.`,
  }
}
