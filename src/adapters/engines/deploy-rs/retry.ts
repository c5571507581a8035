import { followsFrom } from '../../../model/codes/codes.ts'
import type { DeployEnd } from './run-deploy.ts'

/** Times that `deploy` is started for a host whose activation has not begun. */
const most = 3

/**
 * Whether the same may be tried again: what failed before the activation, or at its connection before the host said a word,
 * for a reason that may pass. Never after a refused login or a wrong host key, since hosts ban; never after an activation
 * that failed. That the host is at rest and unchanged is asked before each try.
 */
export function mayTryAgain({ verdict, stopped, mayHaveChanged, isLeft }: DeployEnd, tries: number): boolean {
  const { happened, cause, hostSpoke } = verdict
  if (stopped !== null || cause === null || followsFrom(cause.code).again !== 'may-pass') return false
  if (!mayHaveChanged) return happened === 'copy' && tries < most
  return happened === 'unreachable' && !hostSpoke && !isLeft && tries === 1
}
