import { setTimeout as wait } from 'node:timers/promises'
import type { Clock } from '../ports/clock.ts'

/** The machine's own time. */
export const systemClock: Clock = {
  now: () => Date.now(),
  async sleep(milliseconds, signal) {
    if (milliseconds <= 0 || signal.aborted) return
    await wait(milliseconds, undefined, { signal: AbortSignal.any([signal]) }).catch((error: unknown) => {
      if (!signal.aborted) throw error
    })
  },
}
