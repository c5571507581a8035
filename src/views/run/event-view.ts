import type { Event } from '../../model/run/event-schema.ts'
import type { RunState } from '../../model/run/run.ts'

/** Shows a run while it happens. */
export interface EventView {
  /** Shows one event; `state` has it folded in already. */
  show(event: Event, state: RunState): void
  /** Leaves the stream as it was found: cursor shown, nothing redrawn, no timer. */
  close(): void
}
