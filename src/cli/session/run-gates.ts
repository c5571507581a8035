import { type Diagnostic, diagnostic } from '../../model/diagnostic.ts'
import type { SelectedWave } from '../../model/run/event-schema.ts'
import type { Plan, PlanBody } from '../../model/plan/plan-schema.ts'
import { outOfOrder } from '../../pipeline/run/start/wave-order.ts'
import { selectRun } from '../../pipeline/run/start/select-run.ts'
import { unsupported } from '../../pipeline/plan/unsupported.ts'
import { tooFewFiles } from '../../pipeline/run/start/open-files.ts'
import { openFilesLimit } from '../../adapters/files/open-files.ts'
import { unusableEngines } from '../../pipeline/run/start/unusable-engines.ts'
import type { Selection } from '../arguments/selection.ts'
import { exitCode } from './context.ts'
import { refuse, refuseInterrupted } from './refuse.ts'
import { selectHosts } from '../open/select-hosts.ts'
import type { OpenSession } from './session.ts'
import { thisMachineGate } from '../gates/this-machine-gate.ts'
import type { World } from '../world.ts'

/** Why nothing may run, and the exit code that says so. */
interface Refusal {
  readonly diagnostics: readonly Diagnostic[]
  readonly code: number
}

/** A plan whose rollout is asked for. */
export interface WantedRun extends OpenSession<Pick<World, 'engines' | 'checkTypes' | 'remote'>> {
  readonly plan: Plan
  readonly waves: readonly SelectedWave[]
  /** All that are selected. */
  readonly hosts: ReadonlySet<string>
  readonly signal: AbortSignal
}

/** What forbids a run; empty: nothing. */
type Gate = (run: WantedRun) => readonly Diagnostic[] | Promise<readonly Diagnostic[]>

/** In this order: what this machine knows by itself, then what a person has to confirm, then what hosts have to tell. */
const gates: readonly Gate[] = [
  supportedGate,
  openFilesGate,
  enginesGate,
  thisMachineGate,
  cleanTreeGate,
  earlierWavesGate,
]

/** Everything that forbids a run before it starts: the selection that may run, or the exit code. */
export async function runGates(
  plan: Plan,
  session: OpenSession<WantedRun['world']>,
): Promise<readonly SelectedWave[] | number> {
  const selected = selectWaves(plan, session.flags)
  if ('code' in selected) return refuse(selected.diagnostics, session, selected.code, plan)
  const { first: signal } = session.context.interrupts
  const run = { ...session, plan, waves: selected.waves, hosts: hostsOf(selected.waves), signal }
  for (const gate of gates) {
    const diagnostics = await gate(run)
    // Hosts that were not waited for look as if they were not done: that is no finding.
    if (signal.aborted) return refuseInterrupted(session, plan)
    if (diagnostics.length > 0) return refuse(diagnostics, session, exitCode.refused, plan)
  }
  return selected.waves
}

/** The part of a plan that the command line selects, or why there is none that may run. */
function selectWaves(
  plan: Plan,
  flags: OpenSession<unknown>['flags'],
): { readonly waves: readonly SelectedWave[] } | Refusal {
  if (flags.planId !== null && flags.planId !== plan.planId)
    return { diagnostics: [otherPlan(plan, flags.planId)], code: exitCode.refused }
  const selected = selectPart(plan.body, flags)
  if ('code' in selected) return selected
  const hosts = hostsOf(selected.waves)
  const { forceStale, reactivate } = flags.overrides
  const named = { '--force-stale': forceStale, '--reactivate': reactivate }
  const strangers = Object.entries(named).flatMap(([flag, names]) =>
    names.filter((name) => !hosts.has(name)).map((name) => notSelected(flag, name)),
  )
  return strangers.length === 0 ? selected : { diagnostics: strangers, code: exitCode.usage }
}

/** The waves and hosts of a plan that `--wave` and `--on` select, or why that is nothing that can run. */
export function selectPart(
  body: PlanBody,
  selection: Selection,
): { readonly waves: readonly SelectedWave[] } | Refusal {
  const selected = selectHosts(selection, body.waves, body.groups)
  if (!selected.ok) return { diagnostics: selected.diagnostics, code: exitCode.usage }
  const found = selectRun(body, selected.hosts)
  return found.ok ? { waves: found.value } : { diagnostics: found.diagnostics, code: exitCode.refused }
}

function hostsOf(waves: readonly SelectedWave[]): ReadonlySet<string> {
  return new Set(waves.flatMap(({ hosts }) => hosts))
}

function supportedGate({ plan, hosts, world }: WantedRun): readonly Diagnostic[] {
  const supported = { engines: Object.keys(world.engines), checkTypes: Object.keys(world.checkTypes) }
  return unsupported(plan.body, hosts, supported)
}

function openFilesGate({ plan, waves, flags }: WantedRun): readonly Diagnostic[] {
  return flags.overrides.until === null ? tooFewFiles(plan.body, waves, openFilesLimit()) : []
}

function enginesGate({ plan, hosts, world, signal }: WantedRun): Promise<readonly Diagnostic[]> {
  return unusableEngines(plan.body, hosts, world.engines, signal)
}

async function cleanTreeGate({ plan, flags, ask, signal }: WantedRun): Promise<readonly Diagnostic[]> {
  const { source, rollback } = plan.body
  // What is rolled back to was there before; nothing of the tree is rolled out.
  if (!source.dirty || flags.allowDirty || rollback != null) return []
  const detail = 'The plan was made from a working tree with uncommitted changes, which others cannot see.'
  const question = `${detail}\nRoll it out anyway?`
  if (ask.possible && !flags.json && (await ask.confirm(question, signal))) return []
  return [
    diagnostic('apply/dirty', 'a plan from a dirty tree', `${detail} Commit and plan again, or pass --allow-dirty.`),
  ]
}

function earlierWavesGate({ plan, flags, waves, world, signal }: WantedRun): Promise<readonly Diagnostic[]> {
  const [first] = waves
  // A rollback, and a reboot, need not have been through the waves before.
  // What is only prepared changes nothing.
  const isForward =
    plan.body.rollback == null &&
    plan.body.reboot == null &&
    !flags.overrides.outOfOrder &&
    flags.overrides.until === null
  if (flags.waves.length === 0 || first === undefined || !isForward) return Promise.resolve([])
  const { skipBake } = flags.overrides
  return outOfOrder({ body: plan.body, wave: first.name, skipBake }, world.remote, signal)
}

function otherPlan({ planId }: Plan, wanted: string): Diagnostic {
  return diagnostic(
    'apply/other-plan',
    'another plan than the approved one',
    `--plan-id asks for ${wanted}, the plan is ${planId}. Plan again, or pass the file that was approved.`,
  )
}

function notSelected(flag: string, name: string): Diagnostic {
  const detail = `${flag} names ${name}, which this run does not touch. Name a host of the selection.`
  return diagnostic('usage/not-selected', 'a host that is not selected', detail)
}
