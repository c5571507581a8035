import { randomBytes } from 'node:crypto'
import type { Event, SelectedWave } from '../model/event-schema.ts'
import type { Plan } from '../model/plan-schema.ts'
import type { RunState } from '../model/run.ts'
import { applyPlan } from '../pipeline/index.ts'
import type { Ask } from '../ports/ask.ts'
import type { EventView } from '../views/event-view.ts'
import { jsonLines } from '../views/json-lines.ts'
import { plain } from '../views/plain.ts'
import { reportText, type Tail } from '../views/report-text.ts'
import type { ApplyFlags, Common } from './arguments.ts'
import type { Context } from './context.ts'
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
  const journal = world.runs.begin(newRun(world.clock.now()), plan)
  const resumes = world.runs.unfinished(plan.planId, journal.run)
  const screen = await openScreen(flags, context, world)
  const tails = new Map<string, string[]>()
  const listener = (event: Event, state: RunState) => {
    if (event.type === 'host.output') tails.set(event.host, [...(tails.get(event.host) ?? []), event.line].slice(-20))
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
  } finally {
    screen.close()
  }
}

/** Sorts by time: `20261122T101530Z-3f9a`. */
function newRun(now: number): string {
  const time = new Date(now).toISOString().replaceAll(/[-:]|\.\d+/g, '')
  return `${time}-${randomBytes(2).toString('hex')}`
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
