import { terminalAsk } from '../../adapters/terminal-ask.ts'
import { type Diagnostic, diagnostic } from '../../model/diagnostic.ts'
import type { SelectedWave } from '../../model/event-schema.ts'
import type { Plan } from '../../model/plan-schema.ts'
import { hasChanges } from '../../model/plan.ts'
import { outOfOrder } from '../../pipeline/order.ts'
import { refusedRun } from '../../pipeline/refused-run.ts'
import { selectRun } from '../../pipeline/select-run.ts'
import { unsupported } from '../../pipeline/support.ts'
import type { Ask } from '../../ports/ask.ts'
import { planText } from '../../views/plan-text.ts'
import type { ApplyFlags, Common } from '../arguments.ts'
import { type Context, exitCode } from '../context.ts'
import { makePlan } from '../make-plan.ts'
import { openFleet } from '../open-fleet.ts'
import { openPlan } from '../open-plan.ts'
import { newRun } from '../new-run.ts'
import { roll } from '../roll.ts'
import { selectHosts } from '../select-hosts.ts'
import { tell } from '../tell.ts'
import { styleOf } from '../terminal.ts'
import { version } from '../version.ts'
import { directoryOf, openWorld, operator, type World } from '../world.ts'

export type Flags = Common & ApplyFlags

/** `fleet apply [PLAN]`: rolls out a saved plan, or plans, shows and asks. */
export async function apply(flags: Flags, context: Context): Promise<number> {
  const { terminal } = context
  const ask = terminalAsk(terminal.stdin, terminal.stderr)
  if (flags.plan === null && !flags.autoApprove && (!ask.possible || flags.json)) {
    const why = flags.json ? '`--json` leaves no room for a question' : 'there is no terminal to ask on'
    const detail = `Applying without a saved plan takes a yes, and ${why}. Give a plan, or --auto-approve.`
    return refuse([diagnostic('usage/no-approval', 'nobody can be asked', detail)], flags, context, exitCode.usage)
  }
  const world = openWorld(directoryOf(flags), flags, terminal.environment)
  try {
    return flags.plan === null
      ? await planAndApply(flags, context, world, ask)
      : await applySaved(flags.plan, flags, context, world, ask)
  } finally {
    await world.close()
  }
}

/** A saved plan is the approval: it is applied without a question. */
async function applySaved(file: string, flags: Flags, context: Context, world: World, ask: Ask): Promise<number> {
  const opened = await openPlan(file)
  if (!opened.ok) return refuse(opened.diagnostics, flags, context)
  const approved = await gate(opened.value, flags, context, world, ask)
  return typeof approved === 'number' ? approved : roll(opened.value, approved, flags, context, world, ask)
}

async function planAndApply(flags: Flags, context: Context, world: World, ask: Ask): Promise<number> {
  const { terminal, interrupts } = context
  const fleet = await openFleet(flags)
  if (!fleet.ok) return refuse(fleet.diagnostics, flags, context, exitCode.failed)
  tell(fleet.diagnostics, terminal, flags)
  const { waves, groups } = fleet.value
  const selected = selectHosts(flags, waves, groups)
  if (!selected.ok) return refuse(selected.diagnostics, flags, context, exitCode.usage)
  // A later wave is judged by the earlier ones, so those are planned as well, though not applied.
  const first = waves.findLastIndex(({ name }) => flags.waves.includes(name))
  const before = waves.slice(0, Math.max(0, first)).flatMap(({ hosts }) => hosts)
  const made = await makePlan(fleet.value, new Set([...before, ...selected.hosts]), flags, world, context)
  if (interrupts.first.aborted) return exitCode.interrupted
  if (!made.ok) return refuse(made.diagnostics, flags, context, exitCode.failed)
  tell(made.diagnostics, terminal, flags)
  const plan = made.value
  if (!flags.json)
    terminal.stdout.write(
      planText(plan, { ...styleOf(terminal.stdout, terminal, flags.color), verbose: flags.verbose }),
    )
  if (!flags.json && plan.body.complete && !hasChanges(plan.body)) return exitCode.done
  const approved = await gate(plan, flags, context, world, ask)
  if (typeof approved === 'number') return approved
  const hosts = approved.flatMap((wave) => wave.hosts)
  const question = `\nRoll this out to ${hosts.length} ${hosts.length === 1 ? 'host' : 'hosts'} (${hosts.join(', ')})?`
  if (!flags.autoApprove && !(await ask.confirm(question, interrupts.first))) {
    if (interrupts.first.aborted) return exitCode.interrupted
    return refuse([diagnostic('apply/not-approved', 'not approved', 'The answer was not yes.')], flags, context)
  }
  return roll(plan, approved, flags, context, world, ask)
}

/** Everything that forbids a run before it begins: the selection that may run, or the exit code. */
async function gate(
  plan: Plan,
  flags: Flags,
  context: Context,
  world: World,
  ask: Ask,
): Promise<readonly SelectedWave[] | number> {
  const { body } = plan
  if (flags.planId !== null && flags.planId !== plan.planId)
    return refuse([otherPlan(plan, flags.planId)], flags, context, exitCode.refused, plan)
  const selected = selectHosts(flags, body.waves, body.groups)
  if (!selected.ok) return refuse(selected.diagnostics, flags, context, exitCode.usage)
  const selection = selectRun(body, selected.hosts)
  if (!selection.ok) return refuse(selection.diagnostics, flags, context, exitCode.refused, plan)
  const hosts = new Set(selection.value.flatMap((wave) => wave.hosts))
  const supported = { engines: Object.keys(world.engines), checkTypes: Object.keys(world.checkTypes) }
  const missing = unsupported(body, hosts, supported)
  if (missing.length > 0) return refuse(missing, flags, context, exitCode.refused, plan)
  const dirty = await dirtyRefusal(plan, flags, context, ask)
  if (dirty !== null) return refuse([dirty], flags, context, exitCode.refused, plan)
  const [first] = selection.value
  const disorder =
    flags.waves.length > 0 && first !== undefined
      ? await outOfOrder(body, first.name, world.remote, context.interrupts.first)
      : []
  return disorder.length > 0 ? refuse(disorder, flags, context, exitCode.refused, plan) : selection.value
}

function otherPlan({ planId }: Plan, wanted: string): Diagnostic {
  return diagnostic(
    'apply/other-plan',
    'another plan than the one approved',
    `--plan-id asks for ${wanted}, the plan is ${planId}. Plan again, or give the file that was approved.`,
  )
}

async function dirtyRefusal(
  { body }: Plan,
  flags: Flags,
  { interrupts }: Context,
  ask: Ask,
): Promise<Diagnostic | null> {
  if (!body.source.dirty || flags.allowDirty) return null
  const detail =
    'The plan was made from a working tree with changes that are not committed: nobody else can see what it holds.'
  const question = `${detail}\nRoll it out all the same?`
  if (ask.possible && !flags.json && (await ask.confirm(question, interrupts.first))) return null
  return diagnostic(
    'apply/dirty',
    'a plan from a dirty tree',
    `${detail} Commit and plan again, or give --allow-dirty.`,
  )
}

/** Says why nothing is rolled out: diagnostics on stderr, and on stdout the last line, or with `--json` the stream of a run that was refused. */
function refuse(
  diagnostics: readonly Diagnostic[],
  flags: Flags,
  { terminal }: Context,
  code: number = exitCode.refused,
  plan: Plan | null = null,
): number {
  tell(diagnostics, terminal, flags)
  const [first] = diagnostics
  if (code === exitCode.usage || first === undefined) return code
  if (flags.json) {
    const now = Date.now()
    const known = { name: plan?.body.name ?? '', planId: plan?.planId ?? '', version: version(), operator: operator() }
    const events = refusedRun({ run: newRun(now), ...known, now, exitCode: code, diagnostics })
    terminal.stdout.write(events.map((event) => `${JSON.stringify(event)}\n`).join(''))
  } else if (code === exitCode.refused) terminal.stdout.write(`Apply refused: ${first.summary}.\n`)
  return code
}
