import { eventOf } from '../../model/run/event-of.ts'
import type { Fact } from '../../model/run/event.ts'
import type { Event } from '../../model/run/event-schema.ts'
import { initialRun, reduce, type RunState } from '../../model/run/run.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Journal } from '../../ports/journal.ts'

/** Told of every event after it is in the journal and in the state. */
export type Listener = (event: Event, state: RunState) => void

/** The one stream of a run: every event is on disk before anything shown or done depends on it. */
export class Stream {
  readonly state: RunState = initialRun()
  /** Why the journal can no longer be written, null while it can. */
  lost: Error | null = null
  readonly #journal: Journal
  readonly #clock: Clock
  readonly #listener: Listener
  #sequence = 0
  #isOutputLost = false

  constructor(journal: Journal, clock: Clock, listener: Listener) {
    this.#journal = journal
    this.#clock = clock
    this.#listener = listener
  }

  /** The event that `emit` would make of a fact now. */
  preview(fact: Fact): Event {
    return eventOf(fact, { seq: this.#sequence, at: this.#clock.now(), run: this.#journal.run })
  }

  readonly emit = (fact: Fact): void => {
    // `run.finished` is the last line, whatever a connection that closes has to tell after it.
    if (this.state.finished !== null) return
    const event = this.preview(fact)
    this.#sequence += 1
    this.#write(() => this.#journal.append(event))
    reduce(this.state, event)
    this.#listener(event, this.state)
  }

  /** Keeps a line that a host printed; where that cannot be, it is told once and ends nothing: no fact is lost with it. */
  keep(host: string, line: string): void {
    if (this.#isOutputLost || this.lost !== null) return
    try {
      this.#journal.output(host, line)
    } catch (error) {
      this.#isOutputLost = true
      const detail = `${error instanceof Error ? error.message : String(error)}. The rollout continues; the journal has every fact.`
      const summary = 'what hosts print cannot be kept'
      this.emit({ type: 'diagnostic', code: 'run/output-lost', severity: 'warning', summary, detail, host: null })
    }
  }

  #write(write: () => void): void {
    if (this.lost !== null) return
    try {
      write()
    } catch (error) {
      this.lost = error instanceof Error ? error : new Error(String(error))
    }
  }
}
