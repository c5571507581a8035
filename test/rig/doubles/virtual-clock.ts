import type { Clock } from '../../../src/ports/clock.ts'

interface Sleeper {
  readonly until: number
  readonly wake: () => void
}

/**
 * A clock that stands for time: it moves only when nothing else is left to do, and then at once to the next moment that
 * somebody waits for. Every hour of a rollout passes in no time.
 */
export class VirtualClock implements Clock {
  #now = Date.UTC(2026, 0, 1)
  readonly #sleepers = new Set<Sleeper>()
  #isMoving = false

  now(): number {
    return this.#now
  }

  sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
    if (milliseconds <= 0 || signal.aborted) return Promise.resolve()
    return new Promise((resolve) => {
      const wake = () => {
        signal.removeEventListener('abort', wake)
        this.#sleepers.delete(sleeper)
        resolve()
      }
      const sleeper = { until: this.#now + milliseconds, wake }
      this.#sleepers.add(sleeper)
      signal.addEventListener('abort', wake)
      this.#move()
    })
  }

  /** Lets everything settle that needs no time, then wakes whoever waits for the next moment. */
  #move(): void {
    if (this.#isMoving) return
    this.#isMoving = true
    setImmediate(() => {
      this.#isMoving = false
      const next = Math.min(...[...this.#sleepers].map(({ until }) => until))
      if (!Number.isFinite(next)) return
      this.#now = next
      for (const sleeper of this.#sleepers) {
        if (sleeper.until <= next) sleeper.wake()
      }
      if (this.#sleepers.size > 0) this.#move()
    })
  }
}
