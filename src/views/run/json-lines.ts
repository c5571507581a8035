import type { EventView } from './event-view.ts'

/** Writes every event as one JSON object a line, and nothing else. */
export function jsonLines(stream: NodeJS.WritableStream): EventView {
  return {
    show(event) {
      stream.write(`${json(event)}\n`)
    },
    close() {},
  }
}
import { json } from '../markup/json.ts'
