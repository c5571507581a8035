import type { Event } from '../../model/run/event-schema.ts'
import type { Journal } from '../../ports/journal.ts'

/** A journal that keeps nothing: a simulated run leaves no trace. `onEvent` is told of each line. */
export function simulatedJournal(run: string, onEvent: (event: Event) => void = () => {}): Journal {
  return {
    run,
    roots: '/nonexistent/simulated',
    append: onEvent,
    flush() {},
    output() {},
    logOf: (host) => `/nonexistent/simulated/${host}.log`,
    directoryOf: (host) => `/nonexistent/simulated/${host}`,
    close() {},
  }
}
