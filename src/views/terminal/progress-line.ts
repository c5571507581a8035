import { cleanLine } from '../../model/text/text.ts'
import { truncate } from './width.ts'

/** Hosts that are done; `evaluated` null: nothing is evaluated; `leftMs` null: how long the rest takes is not known. */
export interface Done {
  readonly evaluated: number | null
  readonly observed: number
  readonly total: number
  readonly leftMs: number | null
}

/** How far planning is, in words. */
export function progressText({ evaluated, observed, total, leftMs }: Done): string {
  const parts = [`asked ${observed} of ${total}`]
  if (evaluated !== null) parts.unshift(`evaluated ${evaluated} of ${total}`)
  if (leftMs !== null && leftMs >= 1000) parts.push(`about ${lasting(leftMs)} left`)
  return parts.join(', ')
}

function lasting(ms: number): string {
  const seconds = Math.ceil(ms / 1000)
  if (seconds < 100) return `${seconds}s`
  return seconds < 5400 ? `${Math.round(seconds / 60)}m` : `${Math.round(seconds / 3600)}h`
}

/** How far planning is, in one line that is redrawn in place; `close` takes it away. */
export interface ProgressLine {
  show(progress: Done): void
  /** Shows what a program says at this moment. */
  say(text: string): void
  close(): void
}

/** For a terminal that can be redrawn. */
export function progressLine(stream: NodeJS.WriteStream): ProgressLine {
  const clear = '\r\u001B[K'
  return {
    show(done) {
      stream.write(`${clear}${truncate(progressText(done), stream.columns - 1)}`)
    },
    say(text) {
      stream.write(`${clear}${truncate(cleanLine(text), stream.columns - 1)}`)
    },
    close() {
      stream.write(clear)
    },
  }
}
