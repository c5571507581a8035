import { relative } from 'node:path'
import { type EventLog, openEventLog } from '../../adapters/event-log.ts'
import { type Diagnostic, diagnostic } from '../../model/diagnostic.ts'
import type { Event, SelectedWave } from '../../model/run/event-schema.ts'
import type { Plan } from '../../model/plan/plan-schema.ts'
import type { RunState } from '../../model/run/run.ts'
import type { HostPorts } from '../../pipeline/host/task.ts'
import { apply } from '../../pipeline/run/apply.ts'
import { stepLimit } from '../../pipeline/run/step-limit.ts'
import type { Journal } from '../../ports/journal.ts'
import type { FleetLock } from '../../ports/lock.ts'
import { outputTails } from './output-tails.ts'
import { foldLines } from '../../model/text/folded-lines.ts'
import type { Tail } from '../../views/run/host-entry.ts'
import { reportText } from '../../views/run/report.ts'
import type { NextCommand } from '../../views/terminal/next-block.ts'
import type { ApplyFlags } from '../arguments/apply-flags.ts'
import type { Common } from '../arguments/command.ts'
import { type Context, exitCode } from './context.ts'
import { leftOver } from './left-over.ts'
import { newRun } from './new-run.ts'
import { nextCommands } from '../report/next-commands.ts'
import { operator } from '../open/place.ts'
import { refuse } from './refuse.ts'
import type { OpenSession } from './session.ts'
import { openScreen } from './screen.ts'
import { tell } from './tell.ts'
import { styleOf } from './terminal.ts'
import { version } from '../open/version.ts'
import type { World } from '../world.ts'

type Flags = Common & ApplyFlags

/** What a rollout asks of the world: the real one, or one that is simulated. */
export type RollWorld = HostPorts & Pick<World, 'runs' | 'hooks'> & { readonly fleetLock: FleetLock | null }

/** What may be rolled out, and what its stream should tell when it opens. */
export interface Approved {
  readonly plan: Plan
  readonly selection: readonly SelectedWave[]
  readonly notes: readonly Diagnostic[]
}

/** Runs an approved selection of a plan, shows it while it happens, and reports. Returns the run's exit code. */
export async function roll({ plan, selection, notes }: Approved, session: OpenSession<RollWorld>): Promise<number> {
  const { flags, context, world, ask } = session
  const files = openFiles(plan, flags, world)
  if ('code' in files) return refuse([files], session, exitCode.failed, plan)
  const { journal } = files
  const resumes = await world.runs.unfinished(plan.planId, journal.run)
  const screen = await openScreen(flags, context.terminal, world.clock, (host, step) =>
    stepLimit(plan.body, host, step),
  )
  const log = lenientLog(files.log, (problem) => tell([problem], context.terminal, flags))
  const tails = outputTails()
  const listener = (event: Event, state: RunState) => {
    tails.add(event)
    log(event)
    screen.show(event, state)
  }
  const { overrides, lockTimeoutMs } = flags
  const told = [...notes, ...(await leftOver(world.runs, resumes))]
  const request = { plan, selection, promoted: new Set(flags.waves), overrides, lockTimeoutMs, notes: told, resumes }
  try {
    const state = await apply(
      { ...request, version: version(), operator: operator() },
      { ...world, journal, ask: screen.quietly(ask) },
      context.interrupts,
      listener,
    )
    screen.close()
    const logs = new Map(
      [...tails.lines()].map(([host, lines]): [string, Tail] => [
        host,
        { lines: foldLines(lines), log: journal.logOf(host) },
      ]),
    )
    const next = nextCommands(state, flags, plan.body, ownPlanOf(journal.run, flags, world))
    report(state, { tails: logs, next }, flags, context)
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
    files.log?.close()
  }
}

/** The files that a run writes, or why one of them cannot be opened: then nothing is begun. */
function openFiles(
  plan: Plan,
  { log }: Flags,
  { runs, clock }: RollWorld,
): { readonly journal: Journal; readonly log: EventLog | null } | Diagnostic {
  let opened: EventLog | null
  try {
    opened = log === null ? null : openEventLog(log)
  } catch (error) {
    const detail = `${messageOf(error)}. Name another file with --log, or leave it out.`
    return diagnostic('log/unwritable', 'the log cannot be opened', detail)
  }
  try {
    return { journal: runs.begin(newRun(clock.now()), plan), log: opened }
  } catch (error) {
    opened?.close()
    const detail = `Nothing is changed without a record of it: ${messageOf(error)}. Name another place with --state-dir.`
    return diagnostic('state/unwritable', 'the journal cannot be opened', detail)
  }
}

/** Writes events to the log for as long as that works: it is a copy, so that its loss is told and ends nothing. */
function lenientLog(log: EventLog | null, onLoss: (problem: Diagnostic) => void): (event: Event) => void {
  let isLost = log === null
  return (event) => {
    if (isLost) return
    try {
      log?.append(event)
    } catch (error) {
      isLost = true
      const detail = `${messageOf(error)}. The rollout continues; the journal has everything.`
      onLoss(diagnostic('log/lost', 'the log cannot be written', detail, { severity: 'warning' }))
    }
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** The plan as the run keeps it; read only where the operator has no file of it. */
function ownPlanOf(run: string, { plan }: Flags, { runs }: RollWorld): string | null {
  const file = plan === null ? runs.planFile(run) : null
  if (file === null) return null
  const near = relative(process.cwd(), file)
  return near.startsWith('..') ? file : near
}

function report(
  state: RunState,
  more: { readonly tails: ReadonlyMap<string, Tail>; readonly next: readonly NextCommand[] },
  flags: Flags,
  { terminal }: Context,
): void {
  if (flags.json) return
  const style = styleOf(terminal.stdout, terminal, flags.color)
  terminal.stdout.write(`\n${reportText(state, { ...style, ...more, verbose: flags.verbose })}`)
}
