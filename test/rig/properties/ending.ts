import type { Ending } from '../../../src/model/run/event.ts'

/** True for the events after which nothing more happens to a host, by the contract's list of types. */
export function isEnding(event: { readonly type: string }): event is Ending {
  return /^host\.(succeeded|skipped|stale|failed|rolled-back|unknown|cancelled)$/.test(event.type)
}
