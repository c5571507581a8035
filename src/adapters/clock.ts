import { setTimeout as wait } from 'node:timers/promises'
import type { Clock } from '../ports/clock.ts'

/** Milliseconds that a timer of Node can hold; one that is given more fires at once. */
const longest = 2 ** 31 - 1

/** The machine's own time. */
export const systemClock: Clock = {
  now: () => Date.now(),
  async sleep(milliseconds, signal) {
    for (let left = milliseconds; left > 0 && !signal.aborted; left -= longest)
      await wait(Math.min(left, longest), undefined, { signal: AbortSignal.any([signal]) }).catch((error: unknown) => {
        if (!signal.aborted) throw error
      })
  },
}

/** Acts after so many milliseconds, however many they are, unless what it returns is called before. */
export function later(clock: Clock, milliseconds: number, act: () => void): () => void {
  const over = new AbortController()
  void clock.sleep(milliseconds, over.signal).then(() => {
    if (!over.signal.aborted) act()
  })
  return () => over.abort()
}
