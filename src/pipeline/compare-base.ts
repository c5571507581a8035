import type { DerivationGraph } from '../model/derivation-graph.ts'
import type { Host } from '../model/fleet.ts'
import type { NixosSystem } from '../model/nixos-system.ts'
import type { Failure } from '../model/plan-schema.ts'
import type { Evaluation, HostDetail, Observation } from '../model/system.ts'
import type { Store } from '../ports/store.ts'
import { closureIfHere, notRead } from './compare.ts'
import type { Comparison } from './diff.ts'
import { chosenPackages, systemOfDerivations } from './system/of-derivations.ts'
import { withClosure, withSelected } from './system/with-closure.ts'

/** What a host would say if it ran the base: nothing is known of it but what evaluation tells. */
export function observationOfBase(host: Host, base: Evaluation): Observation {
  return {
    system: base.system,
    profile: base.profile,
    nextBoot: base.system,
    booted: null,
    generation: null,
    failedUnits: [],
    hostname: host.settings.expectHostname ?? host.name,
    platform: base.platform,
    machine: null,
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
    detail: null,
  }
}

/**
 * Both sides from derivations alone; `does` is `observationOfBase`. Which units run is not known without asking: every unit of the base that something
 * wants counts as running, as it would be on a host where nothing is stopped by hand.
 */
export async function compareBase(
  { does, base, should }: { readonly does: Observation; readonly base: Evaluation; readonly should: Evaluation },
  store: Store,
  signal: AbortSignal,
): Promise<Comparison> {
  const problems: Failure[] = []
  const graphOf = async ({ drv }: Evaluation): Promise<DerivationGraph | null> => {
    const found = await store.derivations(drv, signal)
    if (!found.ok) problems.push(found.failure)
    return found.ok ? found.value : null
  }
  const graphs = { before: await graphOf(base), after: await graphOf(should) }
  const closures = {
    before: await closureIfHere(base.system, store, signal),
    after: await closureIfHere(should.system, store, signal),
  }
  const isBuilt = closures.before !== null && closures.after !== null
  const side = (which: 'before' | 'after', evaluation: Evaluation): NixosSystem => {
    const graph = graphs[which]
    const system = graph === null ? notRead(evaluation) : systemOfDerivations(graph, [])
    const selected = graph === null ? null : chosenPackages(graph)
    const closure = closures[which]
    return isBuilt && closure !== null
      ? withClosure(system, closure, selected ?? [])
      : withSelected(system, selected ?? evaluation.selectedPackages)
  }
  const before = side('before', base)
  return {
    does: { ...does, detail: detailOf(before) },
    should,
    before,
    after: side('after', should),
    graphs,
    closures,
    problems,
  }
}

function detailOf({ units }: NixosSystem): HostDetail {
  const wanted = units.how === 'unknown' ? null : [...new Set([...units.value.wants.values()].flat())].toSorted()
  return {
    etc: null,
    etcModes: new Map(),
    unitLinks: null,
    unitStates:
      wanted?.map((unit) => ({ unit, active: 'active', sub: 'running', fragment: `/etc/systemd/system/${unit}` })) ??
      null,
    links: { kernel: null, initrd: null, kernelModules: null, kernelParams: null },
    systemd: null,
    inhibitors: null,
    initInterface: null,
    nixVersion: null,
    selfUpdaters: [],
    deriver: null,
    usersFile: null,
    firewallFile: null,
  }
}
