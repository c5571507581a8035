import { type Diagnostic, diagnostic } from '../../model/diagnostic.ts'
import type { SelectedWave } from '../../model/run/event-schema.ts'
import type { Plan } from '../../model/plan/plan-schema.ts'
import { outOfOrder } from '../../pipeline/run/start/wave-order.ts'
import { selectRun } from '../../pipeline/run/start/select-run.ts'
import { unsupported } from '../../pipeline/plan/unsupported.ts'
import { unusableEngines } from '../../pipeline/run/start/unusable-engines.ts'
import type { Ask } from '../../ports/ask.ts'
import type { ApplyFlags, Common } from '../arguments/arguments.ts'
import { type Context, exitCode } from './context.ts'
import { refuse, refuseInterrupted } from './refuse.ts'
import { selectHosts } from '../open/select-hosts.ts'
import { thisMachineRefusal } from './this-machine-gate.ts'
import type { World } from '../world.ts'

type Flags = Common & ApplyFlags

/** Everything that forbids a run before it begins: the selection that may run, or the exit code. */
export async function gate(
  plan: Plan,
  flags: Flags,
  context: Context,
  world: Pick<World, 'engines' | 'checkTypes' | 'remote'>,
  ask: Ask,
): Promise<readonly SelectedWave[] | number> {
  const { body } = plan
  const { first: interrupt } = context.interrupts
  const stop = (diagnostics: readonly Diagnostic[], code: number = exitCode.refused) =>
    refuse(diagnostics, flags, context, code, plan)
  if (flags.planId !== null && flags.planId !== plan.planId) return stop([otherPlan(plan, flags.planId)])
  const selected = selectHosts(flags, body.waves, body.groups)
  if (!selected.ok) return stop(selected.diagnostics, exitCode.usage)
  const selection = selectRun(body, selected.hosts)
  if (!selection.ok) return stop(selection.diagnostics)
  const hosts = new Set(selection.value.flatMap((wave) => wave.hosts))
  const strangers = flags.overrides.forceStale.filter((name) => !hosts.has(name))
  if (strangers.length > 0) return stop(strangers.map(notSelected), exitCode.usage)
  const supported = { engines: Object.keys(world.engines), checkTypes: Object.keys(world.checkTypes) }
  const missing = unsupported(body, hosts, supported)
  if (missing.length > 0) return stop(missing)
  const unusable = await unusableEngines(body, hosts, world.engines, interrupt)
  if (interrupt.aborted) return refuseInterrupted(flags, context, plan)
  if (unusable.length > 0) return stop(unusable)
  const local = await thisMachineRefusal(body, hosts, flags, ask, interrupt)
  if (interrupt.aborted) return refuseInterrupted(flags, context, plan)
  if (local !== null) return stop([local])
  const dirty = await dirtyRefusal(plan, flags, ask, interrupt)
  if (interrupt.aborted) return refuseInterrupted(flags, context, plan)
  if (dirty !== null) return stop([dirty])
  const [first] = selection.value
  // Whoever goes back need not have gone back with the waves before.
  const isForward = body.rollback == null && !flags.overrides.outOfOrder
  const isAsked = flags.waves.length > 0 && first !== undefined && isForward
  const { skipBake } = flags.overrides
  const disorder = isAsked ? await outOfOrder(body, first.name, { skipBake }, world.remote, interrupt) : []
  // Hosts that were not waited for look as if they were not done: that is no finding.
  if (interrupt.aborted) return refuseInterrupted(flags, context, plan)
  return disorder.length > 0 ? stop(disorder) : selection.value
}

function otherPlan({ planId }: Plan, wanted: string): Diagnostic {
  return diagnostic(
    'apply/other-plan',
    'another plan than the one approved',
    `--plan-id asks for ${wanted}, the plan is ${planId}. Plan again, or give the file that was approved.`,
  )
}

function notSelected(name: string): Diagnostic {
  const detail = `--force-stale names ${name}, which this run does not touch. Name a host of the selection.`
  return diagnostic('usage/not-selected', 'a host that is not selected', detail)
}

async function dirtyRefusal({ body }: Plan, flags: Flags, ask: Ask, signal: AbortSignal): Promise<Diagnostic | null> {
  // What is gone back to was there before; nothing of the tree is rolled out.
  if (!body.source.dirty || flags.allowDirty || body.rollback != null) return null
  const detail =
    'The plan was made from a working tree with changes that are not committed: nobody else can see what it holds.'
  const question = `${detail}\nRoll it out all the same?`
  if (ask.possible && !flags.json && (await ask.confirm(question, signal))) return null
  return diagnostic(
    'apply/dirty',
    'a plan from a dirty tree',
    `${detail} Commit and plan again, or give --allow-dirty.`,
  )
}
