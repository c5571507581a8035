import type { Clock } from '../../ports/clock.ts'

interface Sleeper {
  readonly until: number
  readonly order: number
  /** Null when it woke before its moment: it stays in the heap until then. */
  wake: (() => void) | null
}

/** Who wakes when one signal fires. */
interface Waiters {
  readonly wakes: Set<() => void>
  readonly leave: (wake: () => void) => void
}

/**
 * A clock on which every hour passes in no time: it moves when nothing else is left to do, to the next moment that somebody
 * waits for. Sleepers of one moment wake one after the other, in the order in which they lay down.
 */
export class VirtualClock implements Clock {
  #now: number
  #order = 0
  #isMoving = false
  /** A binary heap: the root is who wakes next. */
  readonly #sleepers: Sleeper[] = []
  /** Who wakes when a signal fires: one listener for all, since a signal looks through its listeners to drop one. */
  readonly #awaiting = new WeakMap<AbortSignal, Waiters>()
  readonly #onIdle: (() => void)[] = []

  /** `start`: milliseconds since the epoch. */
  constructor(start: number) {
    this.#now = start
  }

  now(): number {
    return this.#now
  }

  sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
    if (milliseconds <= 0 || signal.aborted) return Promise.resolve()
    return new Promise((resolve) => {
      const sleeper: Sleeper = { until: this.#now + milliseconds, order: this.#order++, wake: null }
      const waiters = this.#waitersOf(signal)
      const wake = () => {
        waiters.leave(wake)
        sleeper.wake = null
        resolve()
      }
      sleeper.wake = wake
      waiters.wakes.add(wake)
      this.#lay(sleeper)
      this.#move()
    })
  }

  /** Resolves when nobody sleeps and nothing more happens by itself. */
  idle(): Promise<void> {
    return new Promise((resolve) => {
      this.#onIdle.push(resolve)
      this.#move()
    })
  }

  #waitersOf(signal: AbortSignal): Waiters {
    const known = this.#awaiting.get(signal)
    if (known !== undefined) return known
    const wakes = new Set<() => void>()
    const wakeAll = () => {
      for (const wake of wakes) wake()
    }
    signal.addEventListener('abort', wakeAll)
    const leave = (wake: () => void) => {
      wakes.delete(wake)
      if (wakes.size > 0) return
      // A signal that somebody listens to is kept for ever.
      signal.removeEventListener('abort', wakeAll)
      this.#awaiting.delete(signal)
    }
    this.#awaiting.set(signal, { wakes, leave })
    return { wakes, leave }
  }

  /** Lets everything settle that needs no time, then wakes whoever waits for the next moment. */
  #move(): void {
    if (this.#isMoving) return
    this.#isMoving = true
    setImmediate(() => {
      this.#isMoving = false
      let next = this.#take()
      while (next !== null && next.wake === null) next = this.#take()
      if (next === null) {
        for (const tell of this.#onIdle.splice(0)) tell()
        return
      }
      this.#now = Math.max(this.#now, next.until)
      next.wake?.()
      this.#move()
    })
  }

  #lay(sleeper: Sleeper): void {
    const heap = this.#sleepers
    let index = heap.push(sleeper) - 1
    while (index > 0) {
      const parent = (index - 1) >> 1
      const above = heap[parent]
      if (above === undefined || isBefore(above, sleeper)) break
      heap[index] = above
      heap[parent] = sleeper
      index = parent
    }
  }

  #take(): Sleeper | null {
    const heap = this.#sleepers
    const first = heap[0]
    const last = heap.pop()
    if (first === undefined || last === undefined) return null
    if (heap.length === 0) return first
    heap[0] = last
    this.#sink(last)
    return first
  }

  #sink(sleeper: Sleeper): void {
    const heap = this.#sleepers
    let index = 0
    for (;;) {
      const [left, right] = [heap[2 * index + 1], heap[2 * index + 2]]
      const isRight = left !== undefined && right !== undefined && isBefore(right, left)
      const child = isRight ? right : left
      if (child === undefined || isBefore(sleeper, child)) return
      const below = 2 * index + (isRight ? 2 : 1)
      heap[index] = child
      heap[below] = sleeper
      index = below
    }
  }
}

function isBefore(one: Sleeper, other: Sleeper): boolean {
  return one.until < other.until || (one.until === other.until && one.order < other.order)
}
