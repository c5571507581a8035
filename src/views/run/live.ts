import { DefaultRenderer, ListrEventManager, ListrLogger, ProcessOutput, Spinner } from 'listr2'
import { initialRun, type RunState } from '../../model/run/run.ts'
import type { EventView } from './event-view.ts'
import { liveFrame } from './live-frame.ts'
import { paintFor } from '../terminal/paint.ts'

/** What the live view needs beside a terminal. */
export interface LiveOptions {
  readonly color: boolean
  /** Milliseconds since the epoch. */
  readonly now: () => number
}

/**
 * Draws the run in place on a terminal. Only listr2's renderer is used (screen, cursor, spinner): its task runner never is, so
 * it registers no signal listener and runs no work. What others write to the stream meanwhile appears after `close`.
 */
export async function live(stream: NodeJS.WriteStream, { color, now }: LiveOptions): Promise<EventView> {
  let latest = initialRun()
  let interruption: string | null = null
  const spinner = new Spinner()
  const paint = paintFor(color)
  const draw = (rows: number, mark: string) => {
    const columns = orElse(stream.columns, 80)
    return liveFrame(latest, { paint, now: now(), columns, rows, spinner: mark, interruption }).join('\n')
  }
  const renderer = new Screen(stream, spinner, () =>
    latest.startedAt === null ? '' : draw(orElse(stream.rows, 24) - 1, spinner.fetch()),
  )
  await renderer.render()
  let open = true
  return {
    show(event, state: RunState) {
      latest = state
      if (event.type === 'run.interrupted') interruption = event.message
    },
    close() {
      if (!open) return
      open = false
      renderer.end()
      // The last frame stays on the screen, whole.
      if (latest.startedAt !== null) stream.write(`${draw(Infinity, '·')}\n`)
    },
  }
}

/** A terminal that does not know its size says 0. */
function orElse(size: number, otherwise: number): number {
  return size > 0 ? size : otherwise
}

class Screen extends DefaultRenderer {
  readonly #draw: () => string

  constructor(stream: NodeJS.WriteStream, spinner: Spinner, draw: () => string) {
    // One stream in both places: nothing but this stream is held back while the screen is up.
    const processOutput = new ProcessOutput(stream, stream, { leaveEmptyLine: false })
    super(
      [],
      { clearOutput: true, logger: new ListrLogger({ processOutput, toStderr: [] }), spinner },
      new ListrEventManager(),
    )
    this.#draw = draw
  }

  /** What listr2 asks for at every tick of its spinner. */
  override create(): string {
    return this.#draw()
  }
}
