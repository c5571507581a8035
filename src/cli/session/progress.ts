import type { PlanProgress } from '../../pipeline/plan/progress.ts'
import type { Clock } from '../../ports/clock.ts'
import { progressLine, progressText } from '../../views/terminal/progress-line.ts'
import type { Common } from '../arguments/command.ts'
import { canRedraw, type Terminal } from './terminal.ts'

/** Milliseconds between two lines where nothing can be redrawn. */
const every = 10_000

/** Tells how far a command is, until it is closed. */
export interface Progress {
  /** How far: in hosts, or in words of its own. */
  show(progress: PlanProgress | string): void
  /** What a program says at this moment; only where it can be redrawn. */
  say(text: string): void
  /** Ends it; `done` is said where lines stay. */
  close(done: string): Promise<void>
}

/** On a terminal one line that is redrawn; elsewhere a line at the start, one now and then, and one at the end; `--quiet`: nothing. */
export function openProgress(
  start: string,
  { quiet }: Pick<Common, 'quiet'>,
  terminal: Terminal,
  clock: Clock,
): Progress {
  if (quiet) return { show: () => {}, say: () => {}, close: () => Promise.resolve() }
  if (!canRedraw(terminal.stderr, terminal)) return lines(start, terminal.stderr, clock)
  const line = progressLine(terminal.stderr)
  return {
    show: (progress) => (typeof progress === 'string' ? line.say(progress) : line.show(progress)),
    say: (text) => line.say(text),
    close: async () => line.close(),
  }
}

function lines(start: string, stream: NodeJS.WriteStream, clock: Clock): Progress {
  const ended = new AbortController()
  const began = clock.now()
  let latest: PlanProgress | string | null = null
  const tell = async () => {
    for (;;) {
      await clock.sleep(every, ended.signal)
      if (ended.signal.aborted) return
      if (latest !== null) stream.write(`${typeof latest === 'string' ? latest : progressText(latest)}\n`)
    }
  }
  stream.write(`${start}\n`)
  const telling = tell()
  return {
    show(progress) {
      latest = progress
    },
    say: () => {},
    async close(done) {
      ended.abort()
      await telling
      stream.write(`${done} in ${Math.max(1, Math.round((clock.now() - began) / 1000))}s\n`)
    },
  }
}
