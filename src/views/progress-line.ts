import { cleanLine } from '../model/text.ts'
import { truncate } from './width.ts'

/** How far planning is, in one line that is redrawn in place; `close` takes it away. */
export interface ProgressLine {
  show(progress: { readonly evaluated: number; readonly observed: number; readonly total: number }): void
  /** Shows what a program says at this moment. */
  say(text: string): void
  close(): void
}

/** For a terminal that can be redrawn. */
export function progressLine(stream: NodeJS.WriteStream): ProgressLine {
  const clear = '\r\u001B[K'
  return {
    show({ evaluated, observed, total }) {
      stream.write(`${clear}evaluated ${evaluated} of ${total}, asked ${observed} of ${total}`)
    },
    say(text) {
      stream.write(`${clear}${truncate(cleanLine(text), stream.columns - 1)}`)
    },
    close() {
      stream.write(clear)
    },
  }
}
