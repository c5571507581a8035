import { diagnostic } from '../model/diagnostic.ts'
import type { Event, SelectedWave } from '../model/event-schema.ts'
import type { Plan } from '../model/plan-schema.ts'
import type { RunState } from '../model/run.ts'
import { applyPlan } from '../pipeline/index.ts'
import type { Ask } from '../ports/ask.ts'
import type { Journal } from '../ports/journal.ts'
import type { EventView } from '../views/event-view.ts'
import { jsonLines } from '../views/json-lines.ts'
import { plain } from '../views/plain.ts'
import { reportText, type Tail } from '../views/report-text.ts'
import type { ApplyFlags, Common } from './arguments.ts'
import { type Context, exitCode } from './context.ts'
import { tell } from './tell.ts'
import { newRun } from './new-run.ts'
import { canRedraw, styleOf } from './terminal.ts'
import { version } from './version.ts'
import { operator, type World } from './world.ts'

type Flags = Common & ApplyFlags

/** Runs an approved selection of a plan, shows it while it happens, and reports. Returns the run's exit code. */
export async function roll(
  plan: Plan,
  selection: readonly SelectedWave[],
  flags: Flags,
  context: Context,
  world: World,
  ask: Ask,
): Promise<number> {
  const journal = openJournal(plan, world)
  if (journal instanceof Error) {
    const detail = `Nothing is changed without a record of it: ${journal.message}. Name another place with --state-dir.`
    tell([diagnostic('state/unwritable', 'the journal cannot be opened', detail)], context.terminal, flags)
    return exitCode.failed
  }
  const resumes = world.runs.unfinished(plan.planId, journal.run)
  const screen = await openScreen(flags, context, world)
  const tails = new Map<string, string[]>()
  const listener = (event: Event, state: RunState) => {
    if (event.type === 'host.output') tails.set(event.host, [...(tails.get(event.host) ?? []), event.line].slice(-20))
    // A tail is of the step that failed, not of the copy before it.
    if (event.type === 'host.step' && event.step === 'activate' && event.status === 'started') tails.delete(event.host)
    screen.show(event, state)
  }
  try {
    const state = await applyPlan(
      { plan, selection, promoted: new Set(flags.waves), resumes, version: version(), operator: operator() },
      { ...world, journal, ask: screen.quietly(ask) },
      context.interrupts,
      listener,
    )
    screen.close()
    const logs = new Map([...tails].map(([host, lines]): [string, Tail] => [host, { lines, log: journal.logOf(host) }]))
    report(state, logs, flags, context)
    if (state.finished === null) throw new Error('bug: a run that returned and did not finish')
    return state.finished.exitCode
  } catch (error) {
    // A bug in the middle of a run: whatever else is wrong, hosts may have changed, and the exit code must say so.
    screen.close()
    context.terminal.stderr.write(
      `fleet: this is a bug in fleet, please report it. Hosts may have changed.\n${String(error instanceof Error ? error.stack : error)}\n`,
    )
    return exitCode.rolloutFailed
  } finally {
    screen.close()
  }
}

function openJournal(plan: Plan, { runs, clock }: World): Journal | Error {
  try {
    return runs.begin(newRun(clock.now()), plan)
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
}

function report(state: RunState, tails: ReadonlyMap<string, Tail>, flags: Flags, { terminal }: Context): void {
  if (flags.json) return
  const style = styleOf(terminal.stdout, terminal, flags.color)
  terminal.stdout.write(`\n${reportText(state, { ...style, tails, next: nextCommand(state, flags) })}`)
}

/** What a person would type next, or null. */
function nextCommand({ finished }: RunState, flags: Flags): string | null {
  const saved = flags.plan === null ? '' : ` ${flags.plan}`
  switch (finished?.outcome) {
    case 'failed':
    case 'refused':
      return 'fleet plan'
    case 'interrupted':
    case 'paused':
      return `fleet apply${saved}`
    case 'complete':
    case 'no-changes':
    case undefined:
      return null
  }
}

interface Screen extends EventView {
  /** The same `ask`, with nothing drawn over the question. */
  quietly(ask: Ask): Ask
}

async function openScreen(flags: Flags, { terminal }: Context, { clock }: World): Promise<Screen> {
  const { stdout } = terminal
  const style = styleOf(stdout, terminal, flags.color)
  if (flags.json) return still(jsonLines(stdout))
  if (flags.quiet) return still({ show() {}, close() {} })
  if (flags.verbose || !canRedraw(stdout, terminal))
    return still(plain(stdout, { color: style.color, verbose: flags.verbose }))
  const { live } = await import('../views/live.ts')
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
