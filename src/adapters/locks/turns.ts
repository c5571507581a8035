/**
 * A queue of those who want something, in the order in which they asked. Locks of many hosts are asked for at once, over
 * connections that take their time; taking them in one order is what keeps two runs from each holding what the other waits for.
 */
export class Turns {
  #last: Promise<void> = Promise.resolve()

  next(): Turn {
    const before = this.#last
    let done = () => {}
    const ended = new Promise<void>((resolve) => {
      done = resolve
    })
    this.#last = before.then(() => ended)
    return {
      done,
      comes: (signal) =>
        Promise.race([
          before,
          new Promise<void>((resolve) => {
            // A signal of our own: hundreds may listen to the operator's at once, which Node takes for a leak.
            const stop = AbortSignal.any([signal])
            if (stop.aborted) resolve()
            else stop.addEventListener('abort', () => resolve(), { once: true })
          }),
        ]),
    }
  }
}

interface Turn {
  /** Resolves when all who asked before are done, or `signal` fires. */
  comes(signal: AbortSignal): Promise<void>
  /** Lets the next one go; calling it twice is fine. */
  done(): void
}
