import type { Event } from '../../../src/model/run/event-schema.ts'
import type { Journal } from '../../../src/ports/journal.ts'
import { checked } from '../files/schema.ts'

/** A journal in memory, which stands for the one on disk: it checks every line against its schema, and can be made to fail. */
export class MemoryJournal implements Journal {
  readonly run = '20260101T000000Z-test'
  readonly roots = '/srv/lab/.fleet/runs/test/roots'
  readonly events: Event[] = []
  readonly outputs: string[] = []
  isClosed = false
  /** Says which lines the disk has no room for. */
  fails: (event: Event) => boolean = () => false
  failsOutput = false
  failsFlush = false
  /** Events that survive the machine. */
  flushed = 0

  append(event: Event): void {
    if (this.fails(event)) throw new Error('ENOSPC: no space left on device, write')
    this.events.push(checked('event', event))
  }

  flush(): void {
    if (this.failsFlush) throw new Error('EIO: i/o error, fsync')
    this.flushed = this.events.length
  }

  output(host: string, line: string): void {
    if (this.failsOutput) throw new Error('ENOSPC: no space left on device, write')
    this.outputs.push(`${host}: ${line}`)
  }

  logOf(host: string): string {
    return `/srv/lab/.fleet/runs/test/${host}.log`
  }

  directoryOf(host: string): string {
    return `/srv/lab/.fleet/runs/test/hosts/${host}`
  }

  close(): void {
    this.isClosed = true
  }
}
