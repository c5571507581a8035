import { closeSync, openSync, writeSync } from 'node:fs'

/** Logs that are open at once: a run of a thousand hosts would otherwise use up what the system lets a program open. */
const openAtOnce = 32

/** A log for each host, of which those that were written to last are open. */
export class HostLogs {
  readonly #fileOf: (host: string) => string
  /** The one that was written to longest ago comes first. */
  readonly #open = new Map<string, number>()

  constructor(fileOf: (host: string) => string) {
    this.#fileOf = fileOf
  }

  /** Adds a line to a host's log; throws what the system says. */
  write(host: string, line: string): void {
    const log = this.#open.get(host) ?? openSync(this.#fileOf(host), 'a', 0o600)
    this.#open.delete(host)
    this.#open.set(host, log)
    const [oldest] = this.#open
    if (this.#open.size > openAtOnce && oldest !== undefined) {
      this.#open.delete(oldest[0])
      closeSync(oldest[1])
    }
    writeSync(log, `${line}\n`)
  }

  close(): void {
    for (const log of this.#open.values()) closeSync(log)
    this.#open.clear()
  }
}
