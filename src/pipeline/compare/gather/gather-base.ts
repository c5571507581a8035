import type { DerivationGraph } from '../../../model/nix/derivation-graph.ts'
import { expectingHostname } from '../../../model/fleet/expected-hostname.ts'
import type { Host } from '../../../model/fleet/fleet.ts'
import type { NixosSystem, UnitSet } from '../../../model/host/nixos-system.ts'
import type { Failure } from '../../../model/plan/plan-schema.ts'
import type { Evaluation, HostDetail, Observation, UnitState } from '../../../model/host/system.ts'
import type { Store } from '../../../ports/store.ts'
import { closureIfHere, type GatherRequest, notRead } from './gather-host.ts'
import { predictedPaths } from './predicted-paths.ts'
import type { HostSides } from '../sides.ts'
import { chosenPackages, systemOfDerivations } from '../system/of-derivations.ts'
import { withClosure, withPrediction, withSelected } from '../system/with-closure.ts'

/** What a host would say if it ran the base: nothing is known of it but what evaluation tells. */
export function observationOfBase(host: Host, base: Evaluation): Observation {
  return {
    system: base.system,
    profile: base.profile,
    nextBoot: base.system,
    booted: null,
    generation: null,
    failedUnits: [],
    hostname: expectingHostname(host, base).expectHostname ?? host.name,
    platform: base.platform,
    machine: null,
    hostKey: null,
    release: base.release,
    revision: null,
    systemState: 'unknown',
    bootId: null,
    kernelRelease: 'unknown',
    bootLinks: base.bootLinks,
    freeBytes: { nix: null, boot: null },
    activating: false,
    selectedPackages: base.selectedPackages,
    mayActAsRoot: null,
    profileAgeSeconds: null,
    uptimeSeconds: null,
    detail: null,
  }
}

/**
 * Gathers both sides from derivations alone; `observation` is `observationOfBase`. Which units run is not known without asking: every unit of the base that something
 * wants counts as running, as it would be on a host where nothing is stopped by hand.
 */
export async function gatherBase(
  { observation, base, evaluation }: Omit<GatherRequest, 'host'> & { readonly base: Evaluation },
  store: Store,
  signal: AbortSignal,
): Promise<HostSides> {
  const problems: Failure[] = []
  const graphOf = async ({ drv }: Evaluation): Promise<DerivationGraph | null> => {
    const found = await store.derivations(drv, signal)
    if (!found.ok) problems.push(found.failure)
    return found.ok ? found.value : null
  }
  const graphs = { before: await graphOf(base), after: await graphOf(evaluation) }
  const closures = {
    before: await closureIfHere(base.system, store, signal),
    after: await closureIfHere(evaluation.system, store, signal),
  }
  const isBuilt = closures.before !== null && closures.after !== null
  const side = async (which: 'before' | 'after', evaluation: Evaluation): Promise<NixosSystem> => {
    const graph = graphs[which]
    const system = graph === null ? notRead(evaluation) : systemOfDerivations(graph, [])
    const selected = graph === null ? null : chosenPackages(graph)
    const closure = closures[which]
    if (isBuilt && closure !== null) return withClosure(system, closure, selected)
    // Where one side cannot be predicted, like is compared with like: what was chosen on both.
    if (graph === null || selected === null || graphs.before === null || graphs.after === null)
      return withSelected(system, selected ?? evaluation.selectedPackages)
    const evidence = { graph, texts: system.texts, before: new Map(), beforeToplevel: '' }
    return withPrediction(system, await predictedPaths(evidence, store, signal), selected)
  }
  const before = await side('before', base)
  return {
    observation: { ...observation, detail: detailOf(before) },
    evaluation,
    before,
    after: await side('after', evaluation),
    graphs,
    closures,
    problems,
  }
}

/** Targets that every boot reaches (bootup(7)); nothing wants them but each other, through files of systemd itself. */
const targetsOfBoot = ['multi-user', 'basic', 'sysinit', 'local-fs', 'swap', 'sockets', 'timers', 'paths', 'slices']

/** What runs after a boot where nobody stops anything: the targets of every boot, and all that some target wants. */
function unitsOfBoot({ files, wants }: UnitSet): readonly string[] {
  const main = (unit: string) => files.get(unit)?.main ?? null
  const isGraphical = main('default.target') !== null && main('default.target') === main('graphical.target')
  const targets = [...targetsOfBoot, ...(isGraphical ? ['graphical'] : [])].map((name) => `${name}.target`)
  const there = targets.filter((target) => main(target) !== null)
  return [...new Set([...there, ...[...wants.values()].flat()])].toSorted()
}

/** What a host would say of such a system where nothing is known of its files: the units of a boot. */
function detailOf(system: NixosSystem): HostDetail {
  return {
    etc: null,
    etcModes: new Map(),
    unitLinks: null,
    unitStates: statesOfBoot(system),
    links: { kernel: null, initrd: null, kernelModules: null, kernelParams: null },
    systemd: null,
    softwarePath: null,
    inhibitors: null,
    initInterface: null,
    nixVersion: null,
    selfUpdaters: [],
    deriver: null,
    usersFile: null,
    firewallFile: null,
  }
}

/** The units that run after a boot of a system, as such a host would tell them; null: its units are unknown. */
export function statesOfBoot({ units }: Pick<NixosSystem, 'units'>): readonly UnitState[] | null {
  if (units.how === 'unknown') return null
  const state = { active: 'active', sub: 'running' }
  return unitsOfBoot(units.value).map((unit) => ({ ...state, unit, fragment: `/etc/systemd/system/${unit}` }))
}
