/** Time, so that tests and simulations can have their own. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number
  /** Resolves after that many milliseconds, or at once when `signal` fires. */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>
}
