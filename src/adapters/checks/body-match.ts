import { runInNewContext } from 'node:vm'

/** Milliseconds that a pattern may take on one answer: the rollout waits meanwhile. */
const patternTime = 250

/** Whether a text matches; null: the pattern took too long on it (some need years for a text made to that end). */
export function bodyMatches(pattern: string, text: string): boolean | null {
  const context = { pattern, text }
  try {
    return runInNewContext('new RegExp(pattern).test(text)', context, { timeout: patternTime }) === true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return null
    throw error
  }
}
