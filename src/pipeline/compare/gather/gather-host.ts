import type { Closure } from '../../../model/nix/closure.ts'
import type { DerivationGraph } from '../../../model/nix/derivation-graph.ts'
import type { Host } from '../../../model/fleet/fleet.ts'
import { type NixosSystem, predicted, type Texts, unknown } from '../../../model/host/nixos-system.ts'
import type { Failure } from '../../../model/plan/plan-schema.ts'
import type { Evaluation, Observation, SystemContents } from '../../../model/host/system.ts'
import type { ClosureCache } from '../../../ports/cache.ts'
import type { Remote } from '../../../ports/remote.ts'
import type { Store } from '../../../ports/store.ts'
import type { HostSides } from '../sides.ts'
import { predictedPaths } from './predicted-paths.ts'
import { type Contents, readContents } from '../../observe/contents.ts'
import { chosenPackages, systemOfDerivations } from '../system/of-derivations.ts'
import { systemOfBuilt, systemOfHost } from '../system/of-host.ts'
import { graphTexts } from '../system/graph-texts.ts'
import { withClosure, withPrediction, withSelected } from '../system/with-closure.ts'
import { wantedTexts } from './wanted-texts.ts'

/** Bytes of a file in the local store that a comparison reads. */
export const largestText = 256 * 1024

export interface GatherPorts {
  readonly store: Store
  readonly remote: Remote
  readonly closures: ClosureCache
}

/** What gathering takes; `remote` null: no host is contacted, and what it alone could tell stays unknown. */
export type GatherWith = Omit<GatherPorts, 'remote'> & { readonly remote: Remote | null }

export interface GatherRequest {
  readonly host: Host
  readonly observation: Observation
  readonly evaluation: Evaluation
}

/**
 * Gathers as much of both sides of a host as can be known without building: derivations from the local store,
 * texts and the old closure from what is here already, and only what is left from the host, in one more session.
 */
export async function gatherHost(request: GatherRequest, ports: GatherWith, signal: AbortSignal): Promise<HostSides> {
  const { observation, evaluation } = request
  const problems: Failure[] = []
  const after = await ports.store.derivations(evaluation.drv, signal)
  if (!after.ok) problems.push(after.failure)
  const known = await oldClosure(request, ports, signal)
  const graph = after.ok ? after.value : null
  let graphBefore = await graphOfRunning(observation, known, ports.store, signal)
  const bare = graph === null ? notRead(evaluation) : systemOfDerivations(graph, observation.detail?.unitLinks ?? [])
  const closureAfter = await closureIfHere(evaluation.system, ports.store, signal)
  const built = closureAfter === null ? null : await ports.store.contents(evaluation.system)
  const texts = new Map([...bare.texts, ...(graphBefore === null ? [] : graphTexts(graphBefore))])
  const asked = await contentsFor(request, { bare, built, known, texts }, ports, signal)
  if (asked !== null && !asked.ok) problems.push(asked.failure)
  const closureBefore = known ?? (asked?.ok === true ? asked.value.closure : null)
  if (known === null && closureBefore !== null) {
    await ports.closures.put(observation.system, closureBefore, { host: request.host.name })
    graphBefore ??= await graphOfRunning(observation, closureBefore, ports.store, signal)
  }
  const before = systemOfHost(observation, texts)
  const next = built === null ? { ...bare, texts } : systemOfBuilt(evaluation.system, built, bare.label, texts)
  const selected = selectedOf(observation, closureBefore)
  return {
    observation,
    evaluation,
    before: closureBefore === null ? withSelected(before, selected) : withClosure(before, closureBefore, selected),
    after: await afterWithPackages(
      { bare: next, evaluation, graph, closureBefore, closureAfter, observation },
      ports.store,
      signal,
    ),
    graphs: { before: graphBefore, after: graph },
    closures: { before: closureBefore, after: closureAfter },
    problems,
  }
}

/** Derivations of the running system, where this machine has them all: it often made them itself. */
async function graphOfRunning(
  { system, detail }: Observation,
  closure: Closure | null,
  store: Store,
  signal: AbortSignal,
): Promise<DerivationGraph | null> {
  const deriver = detail?.deriver ?? closure?.get(system)?.deriver ?? null
  if (deriver === null) return null
  const found = await store.derivations(deriver, signal)
  return found.ok ? found.value : null
}

/** What the system's PATH offers: as the host told it, or as its closure does. */
export function selectedOf(
  { selectedPackages, detail }: Observation,
  closure: Closure | null,
): readonly string[] | null {
  return selectedPackages ?? closure?.get(detail?.softwarePath ?? '')?.references ?? null
}

/** The closure of what the host runs, as far as nobody needs to be asked for it. */
async function oldClosure(
  { host, observation: { system } }: GatherRequest,
  { store, closures }: GatherWith,
  signal: AbortSignal,
): Promise<Closure | null> {
  const cached = await closures.get(system, host.name)
  if (cached !== null) return cached
  const here = await closureIfHere(system, store, signal)
  if (here !== null) await closures.put(system, here, 'this-machine')
  return here
}

/** The closure of a path that this machine has; null where it has not. */
export async function closureIfHere(path: string, store: Store, signal: AbortSignal): Promise<Closure | null> {
  const valid = await store.valid([path], signal)
  if (!valid.ok || !valid.value.has(path)) return null
  const found = await store.closure(path, signal)
  return found.ok ? found.value : null
}

interface Wanting {
  readonly bare: NixosSystem
  /** The planned system where it is built and here. */
  readonly built: SystemContents | null
  readonly known: Closure | null
  /** Filled with what is found. */
  readonly texts: Map<string, string>
}

/** Fills in texts from the local store and then from the host; null where the host need not be asked. */
async function contentsFor(
  { host, observation }: GatherRequest,
  { bare, built, known, texts }: Wanting,
  { store, remote }: GatherWith,
  signal: AbortSignal,
): Promise<{ ok: true; value: Contents } | { ok: false; failure: Failure } | null> {
  if (observation.detail === null) return null
  const next = built === null ? bare : systemOfBuilt(bare.toplevel, built, bare.label, new Map())
  const wanted = wantedTexts(observation.detail, systemOfHost(observation, new Map()), next, built)
  for (const path of [...wanted.before, ...wanted.after]) {
    // What is built is read, whatever its derivation says it will be.
    const text = texts.has(path) && built === null ? null : await store.text(path, largestText, signal)
    if (text !== null) texts.set(path, text)
  }
  const files = wanted.before.filter((path) => !texts.has(path))
  const closureOf = known === null ? observation.system : null
  if ((files.length === 0 && closureOf === null) || remote === null) return null
  const found = await readContents({ name: host.name, settings: host.settings, files, closureOf }, remote, signal)
  if (found.ok) for (const [path, text] of found.value.texts) texts.set(path, text)
  return found
}

interface AfterRequest {
  readonly bare: NixosSystem
  readonly evaluation: Evaluation
  readonly observation: Observation
  readonly graph: DerivationGraph | null
  readonly closureBefore: Closure | null
  readonly closureAfter: Closure | null
}

async function afterWithPackages(
  { bare, evaluation, observation, graph, closureBefore, closureAfter }: AfterRequest,
  store: Store,
  signal: AbortSignal,
): Promise<NixosSystem> {
  const selected = graph === null ? null : chosenPackages(graph)
  if (closureAfter !== null) return withClosure(bare, closureAfter, selected)
  if (graph === null || closureBefore === null || selected === null)
    return withSelected(bare, selected ?? evaluation.selectedPackages)
  const evidence = { graph, texts: bare.texts, before: closureBefore, beforeToplevel: observation.system }
  const paths = await predictedPaths(evidence, store, signal)
  return withPrediction(bare, paths, selected)
}

/** What evaluation alone tells, where the derivations are not here. */
export function notRead({ system, bootLinks, release }: Evaluation): NixosSystem {
  const none = unknown('the derivations of the planned system are not on this machine')
  const fields = {
    systemd: none,
    packages: none,
    size: none,
    etc: none,
    units: none,
    userUnits: none,
    users: none,
    groups: none,
  }
  const label = release === null ? none : predicted(release)
  const rest = {
    firewall: none,
    inhibitors: none,
    specialisations: none,
    label,
    revision: none,
    texts: new Map<string, string>() satisfies Texts,
  }
  return { toplevel: system, boot: predicted(bootLinks), ...fields, ...rest }
}
