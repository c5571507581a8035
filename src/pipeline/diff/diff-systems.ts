import { type Diagnostic, diagnostic, type Outcome } from '../../model/diagnostic.ts'
import type { Fleet, Host } from '../../model/fleet/fleet.ts'
import type { Operand } from '../../model/fleet/operand.ts'
import { maskCredentials } from '../../model/text/secret.ts'
import type {
  ComparedSystem,
  Failure,
  HostPlan,
  HostSettings,
  Note,
  Plan,
  Source,
} from '../../model/plan/plan-schema.ts'
import type { Clock } from '../../ports/clock.ts'
import type { GatherPorts } from '../compare/gather/gather-host.ts'
import { reportingCache } from '../compare/gather/reporting-cache.ts'
import { compare } from '../compare/compare.ts'
import { observedOf, targetOf } from '../plan/plan-host.ts'
import { makePlan } from '../plan/sign.ts'
import { gatherSides } from './gather-sides.ts'
import { openSide, type SidePorts } from './open-side.ts'
import type { Side } from './side.ts'

/** One side as it was asked for; `host` is the one that it names, or stands for a store path. */
export interface AskedSide {
  readonly operand: Operand
  readonly name: string
  readonly host: Host
}

export interface DiffRequest {
  readonly fleet: Fleet
  readonly from: AskedSide
  readonly to: AskedSide
  /** Version of fleet, and user@machine. */
  readonly version: string
  readonly operator: string
}

export interface DiffPorts extends GatherPorts, SidePorts {
  readonly clock: Clock
}

/** How two systems differ, as a plan of one host that goes from one to the other and cannot be applied. Changes nothing. */
export async function diffSystems(request: DiffRequest, ports: DiffPorts, signal: AbortSignal): Promise<Outcome<Plan>> {
  const closures = reportingCache(ports.closures)
  const [from, to] = await Promise.all(
    [request.from, request.to].map((side) => openSide(side, request.fleet, ports, signal)),
  )
  if (from?.ok !== true || to?.ok !== true) {
    const asked = [request.from, request.to]
    const failures = [from, to].flatMap((found, at) =>
      found?.ok === false ? [problemOf(found.failure, asked[at]?.name ?? '')] : [],
    )
    return { ok: false, diagnostics: failures }
  }
  const host = await hostPlan(from.value, to.value, { ...ports, closures: closures.cache }, signal)
  const plan = makePlan({
    fleet: { ...request.fleet, waves: [], groups: {}, checks: {}, hooks: [], lock: null },
    source: sourceOf(from.value, to.value, request.fleet),
    base: null,
    comparison: { from: comparedOf(from.value), to: comparedOf(to.value) },
    hosts: { [from.value.host.name]: host },
    notes: notesOf(from.value, to.value),
    version: request.version,
    createdAt: new Date(ports.clock.now()).toISOString(),
    createdBy: request.operator,
  })
  return { ok: true, value: plan, diagnostics: closures.problems() }
}

async function hostPlan(from: Side, to: Side, ports: DiffPorts, signal: AbortSignal): Promise<HostPlan> {
  const sides = await gatherSides(from, to, ports, signal)
  const { observation, evaluation } = sides
  const { name } = from.host
  // What a host is besides its system is no part of how two systems differ.
  const settings: HostSettings = { ...from.host.settings, mode: 'switch', engine: 'nix', note: null }
  const common = {
    wave: 'comparison',
    settings,
    from: { ...observedOf(observation), failedUnits: [] },
    // How a system that is built was made is not known.
    to: { ...targetOf(evaluation), drv: to.how === 'built' ? null : evaluation.drv },
  }
  if (observation.system === evaluation.system) return { ...common, action: 'none', notes: [] }
  const notes = sides.problems.map(({ summary, detail }): Note => ({
    code: 'plan/not-compared',
    severity: 'warning',
    summary: `only partly compared: ${summary}`,
    detail: `${name}: ${detail}`,
  }))
  return { ...common, action: 'change', notes, diff: compare(sides) }
}

function comparedOf(side: Side): ComparedSystem {
  const system = side.how === 'built' ? side.observation.system : side.evaluation.system
  return { name: side.name, is: side.is, system }
}

/** Said where the first system does not run: which units a change would meet is known of a host as it runs alone. */
function notesOf(from: Side, to: Side): readonly Note[] {
  if (from.how === 'built' && from.isRunning) return []
  if (comparedOf(from).system === comparedOf(to).system) return []
  const note = {
    code: 'diff/units-of-boot',
    severity: 'info',
    summary: 'units: as where the first system has just booted',
    detail: 'The first system does not run, so which of its units would run is taken from what a boot starts.',
  } as const
  return [note]
}

/** The source of what is evaluated, the wanted side's before the other's; where nothing is, the flake that nobody was asked of. */
function sourceOf(from: Side, to: Side, { flake }: Fleet): Source {
  for (const side of [to, from]) if (side.how === 'evaluated') return side.source
  return { original: flake, flake, rev: null, narHash: null, dirty: false, lastModified: null, storePath: null }
}

function problemOf({ code, summary, detail }: Failure, name: string): Diagnostic {
  return diagnostic(code, summary, `${name}: ${maskCredentials(detail)}`)
}
