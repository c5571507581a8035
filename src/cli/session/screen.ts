import type { Ask } from '../../ports/ask.ts'
import type { Clock } from '../../ports/clock.ts'
import type { EventView } from '../../views/run/event-view.ts'
import { jsonLines } from '../../views/run/json-lines.ts'
import { plain } from '../../views/run/plain.ts'
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
  flags: Common & Pick<ApplyFlags, 'json'>,
  terminal: Terminal,
  clock: Clock,
): Promise<Screen> {
  const screen = await openView(flags, terminal, clock)
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

async function openView(flags: Common & Pick<ApplyFlags, 'json'>, terminal: Terminal, clock: Clock): Promise<Screen> {
  const { stdout } = terminal
  const style = styleOf(stdout, terminal, flags.color)
  if (flags.json) return still(jsonLines(stdout))
  if (flags.quiet) return still({ show() {}, close() {} })
  if (flags.verbose || !canRedraw(stdout, terminal))
    return still(plain(stdout, { color: style.color, verbose: flags.verbose, log: terminal.log }))
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
