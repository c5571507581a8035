import type { Ask } from '../../ports/ask.ts'
import type { Clock } from '../../ports/clock.ts'
import type { EventView } from '../../views/run/event-view.ts'
import { jsonLines } from '../../views/run/json-lines.ts'
import { plain, type PlainView } from '../../views/run/plain.ts'
import type { LimitOf } from '../../views/run/silence.ts'
import type { ApplyFlags } from '../arguments/apply-flags.ts'
import type { Common } from '../arguments/command.ts'
import { canRedraw, styleOf, type Terminal } from './terminal.ts'

/** Shows a run on stdout, in the way that the flags and the terminal ask for. */
export interface Screen extends EventView {
  /** The same `ask`, with nothing drawn over the question. */
  quietly(ask: Ask): Ask
}

/** Opens the view. A reader that leaves ends the drawing, not the run. */
export async function openScreen(
  flags: Common & Pick<ApplyFlags, 'json' | 'simulate'>,
  terminal: Terminal,
  clock: Clock,
  limitOf: LimitOf,
): Promise<Screen> {
  const screen = await openView(flags, terminal, clock, limitOf)
  let isGone = false
  terminal.stdout.once('error', () => {
    isGone = true
    screen.close()
  })
  return {
    show(event, state) {
      if (!isGone) screen.show(event, state)
    },
    close: () => screen.close(),
    quietly: (ask) => screen.quietly(ask),
  }
}

async function openView(
  flags: Common & Pick<ApplyFlags, 'json' | 'simulate'>,
  terminal: Terminal,
  clock: Clock,
  limitOf: LimitOf,
): Promise<Screen> {
  const { stdout } = terminal
  const style = styleOf(stdout, terminal, flags.color)
  if (flags.json) return still(jsonLines(stdout))
  if (flags.quiet) return still({ show() {}, close() {} })
  if (flags.verbose || !canRedraw(stdout, terminal))
    return talking(
      plain(stdout, { color: style.color, verbose: flags.verbose, log: terminal.log, limitOf }),
      flags.simulate === null ? clock : null,
    )
  const { live } = await import('../../views/run/live.ts')
  const open = () => live(stdout, { color: style.color, now: () => clock.now() })
  let view = await open()
  return {
    show: (event, state) => view.show(event, state),
    close: () => view.close(),
    quietly: (ask) => ({
      possible: ask.possible,
      async confirm(question, signal) {
        view.close()
        const answer = await ask.confirm(question, signal)
        view = await open()
        return answer
      },
    }),
  }
}

function still(view: EventView): Screen {
  return { show: (event, state) => view.show(event, state), close: () => view.close(), quietly: (ask) => ask }
}

/** A view that is never silent for long, by a clock of real time; null: time is simulated, and nobody waits. */
export function talking(view: PlainView, clock: Clock | null): Screen {
  const over = new AbortController()
  let questions = 0
  const tick = (now: number) => (questions > 0 ? questionPause : view.tick(now))
  if (clock !== null) void breakSilence(tick, clock, over.signal)
  return {
    show: (event, state) => view.show(event, state),
    close() {
      over.abort()
      view.close()
    },
    quietly: (ask) => ({
      possible: ask.possible,
      async confirm(question, signal) {
        questions += 1
        try {
          return await ask.confirm(question, signal)
        } finally {
          questions -= 1
        }
      },
    }),
  }
}

/** Milliseconds until it is looked again whether a question is still open: what is waited for then is plain to see. */
const questionPause = 5_000

async function breakSilence(tick: (now: number) => number, clock: Clock, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) await clock.sleep(tick(clock.now()), signal)
}
