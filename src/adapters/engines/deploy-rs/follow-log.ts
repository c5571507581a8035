import { open } from 'node:fs/promises'
import { StringDecoder } from 'node:string_decoder'
import type { Clock } from '../../../ports/clock.ts'
import { later } from '../../clock.ts'
import { LineCutter } from '../../../model/text/line-cutter.ts'
import { BoundedText } from './bounded-text.ts'

/** Milliseconds between two looks at a log that grows. */
const pause = 100
/** Bytes of a log on disk after which it is emptied; what was read of it is kept elsewhere, within bounds. */
const largestLog = 32 * 1024 * 1024

/** Reads a file that others append to. */
export interface LogFollower {
  /** What was read so far: of a very long log its beginning and its end. */
  readonly text: string
  /** Reads what is there to its end; hands over complete lines, and with `whole` an unfinished last one. */
  catchUp(whole?: boolean): Promise<void>
  /** Keeps reading until it is stopped. */
  start(): void
  stop(): Promise<void>
}

/**
 * Follows a file from byte `from` on; `onLine` gets each line once, in order. A file that grows too large is emptied once it is read:
 * who writes to it appends, and goes on at its beginning.
 */
export function followLog(file: string, from: number, clock: Clock, onLine: (line: string) => void): LogFollower {
  const decoder = new StringDecoder('utf8')
  const text = new BoundedText()
  const lines = new LineCutter(onLine)
  let at = from
  let pausing: (() => void) | null = null
  let reading = Promise.resolve()

  const read = async (whole: boolean) => {
    const handle = await open(file, 'r+')
    try {
      const buffer = Buffer.alloc(64 * 1024)
      for (;;) {
        const { bytesRead } = await handle.read(buffer, 0, buffer.length, at)
        if (bytesRead === 0) break
        at += bytesRead
        const more = decoder.write(buffer.subarray(0, bytesRead))
        text.add(more)
        lines.push(more)
      }
      if (at > largestLog) {
        await handle.truncate(0)
        at = 0
      }
    } finally {
      await handle.close()
    }
    if (whole) lines.end()
  }
  // One reader at a time, so that no byte is read twice.
  const catchUp = (whole = false) => (reading = reading.then(() => read(whole)))
  const again = () => {
    pausing = later(clock, pause, () => {
      // What goes wrong is thrown by `stop`.
      catchUp().then(
        () => pausing !== null && again(),
        () => {},
      )
    })
  }
  return {
    get text() {
      return text.toString()
    },
    catchUp,
    start: again,
    async stop() {
      pausing?.()
      pausing = null
      await catchUp(true)
    },
  }
}
