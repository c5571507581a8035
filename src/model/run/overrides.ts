import type { Overrides } from './event-schema.ts'

/** A command line that sets nothing aside. */
export const noOverrides: Overrides = {
  maxParallel: null,
  maxFailures: null,
  skipBake: false,
  outOfOrder: false,
  forceStale: [],
  mode: null,
  until: null,
  reactivate: [],
  reason: null,
}
