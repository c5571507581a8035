import { eventOf } from '../../model/run/event-of.ts'
import type { Fact } from '../../model/run/event.ts'
import type { Event } from '../../model/run/event-schema.ts'
import { initialRun, reduce, type RunState } from '../../model/run/run.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Journal } from '../../ports/journal.ts'

/** Told of every event after it is appended to the journal and in the state. */
export type Listener = (event: Event, state: RunState) => void

/**
 * The one stream of a run: every fact is in the journal before it is shown, and on disk before anything is done that depends
 * on it. Facts go to disk in groups: `record` is called by who is about to decide or to act.
 */
export class Stream {
  readonly state: RunState = initialRun()
  /** Why the journal can no longer be written, null while it can. */
  lost: Error | null = null
  readonly #journal: Journal
  readonly #clock: Clock
  readonly #listener: Listener
  #sequence = 0
  /** Facts were told since the last were put on disk. */
  #isAhead = false
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
    // What a program printed decides nothing: it goes to disk with the next fact.
    this.#isAhead ||= event.type !== 'host.output'
    reduce(this.state, event)
    this.#listener(event, this.state)
  }

  /** Puts on disk all facts that were told; false once one could not be kept: then nothing may be done that it would have told. */
  readonly record = (): boolean => {
    if (this.#isAhead) this.#write(() => this.#journal.flush())
    this.#isAhead = false
    return this.lost === null
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
