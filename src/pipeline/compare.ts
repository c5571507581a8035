import type { Closure, ClosurePath } from '../model/closure.ts'
import type { DerivationGraph } from '../model/derivation-graph.ts'
import type { Host } from '../model/fleet.ts'
import { type NixosSystem, predicted, unknown } from '../model/nixos-system.ts'
import type { Failure } from '../model/plan-schema.ts'
import type { Evaluation, Observation } from '../model/system.ts'
import type { ClosureCache } from '../ports/cache.ts'
import type { Remote } from '../ports/remote.ts'
import type { Store } from '../ports/store.ts'
import type { Comparison } from './diff.ts'
import { type Contents, readContents } from './read-contents.ts'
import { chosenPackages, systemOfDerivations } from './system/of-derivations.ts'
import { systemOfHost, type Texts } from './system/of-host.ts'
import { graphTexts } from './system/graph-texts.ts'
import { predictClosure } from './system/predict-closure.ts'
import { withClosure, withPrediction, withSelected } from './system/with-closure.ts'
import { wantedTexts } from './wanted-texts.ts'

/** Bytes of a file in the local store that a comparison reads. */
const largestText = 256 * 1024
/** Each round reads records of predicted paths that are built; what they refer to may be built as well. */
const mostRounds = 8

export interface ComparePorts {
  readonly store: Store
  readonly remote: Remote
  readonly closures: ClosureCache
}

export interface CompareRequest {
  readonly host: Host
  readonly does: Observation
  readonly should: Evaluation
}

/**
 * Learns of both sides of a host that will change as much as can be known without building: derivations from the local store,
 * texts and the old closure from what is here already, and only what is left from the host, in one more session.
 */
export async function compareHost(
  request: CompareRequest,
  ports: ComparePorts,
  signal: AbortSignal,
): Promise<Comparison> {
  const { does, should } = request
  const problems: Failure[] = []
  const after = await ports.store.derivations(should.drv, signal)
  if (!after.ok) problems.push(after.failure)
  const graphs = { before: await graphOfRunning(does, ports.store, signal), after: after.ok ? after.value : null }
  const bare = graphs.after === null ? notRead(should) : systemOfDerivations(graphs.after, does.detail?.unitLinks ?? [])
  const known = await oldClosure(does, ports, signal)
  const texts = new Map([...bare.texts, ...(graphs.before === null ? [] : graphTexts(graphs.before))])
  const asked = await contentsFor(request, { bare, known, texts }, ports, signal)
  if (asked !== null && !asked.ok) problems.push(asked.failure)
  const closureBefore = known ?? (asked?.ok === true ? asked.value.closure : null)
  if (known === null && closureBefore !== null) await ports.closures.put(does.system, closureBefore)
  const before = systemOfHost(does, texts)
  const closureAfter = await builtClosure(should, ports.store, signal)
  return {
    does,
    should,
    before:
      closureBefore === null
        ? withSelected(before, does.selectedPackages)
        : withClosure(before, closureBefore, does.selectedPackages ?? []),
    after: await afterWithPackages(
      { bare: { ...bare, texts }, should, graph: graphs.after, closureBefore, closureAfter, does },
      ports.store,
      signal,
    ),
    graphs,
    closures: { before: closureBefore, after: closureAfter },
    problems,
  }
}

/** Derivations of the running system, where this machine has them all: it often made them itself. */
async function graphOfRunning(
  { detail }: Observation,
  store: Store,
  signal: AbortSignal,
): Promise<DerivationGraph | null> {
  if (detail?.deriver == null) return null
  const found = await store.derivations(detail.deriver, signal)
  return found.ok ? found.value : null
}

/** The closure of what the host runs, as far as nobody needs to be asked for it. */
async function oldClosure(
  { system }: Observation,
  { store, closures }: ComparePorts,
  signal: AbortSignal,
): Promise<Closure | null> {
  const cached = await closures.get(system)
  if (cached !== null) return cached
  const here = await closureIfHere(system, store, signal)
  if (here !== null) await closures.put(system, here)
  return here
}

async function builtClosure({ system }: Evaluation, store: Store, signal: AbortSignal): Promise<Closure | null> {
  return closureIfHere(system, store, signal)
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
  readonly known: Closure | null
  /** Filled with what is found. */
  readonly texts: Map<string, string>
}

/** Fills in texts from the local store and then from the host; null where the host need not be asked. */
async function contentsFor(
  { host, does }: CompareRequest,
  { bare, known, texts }: Wanting,
  { store, remote }: ComparePorts,
  signal: AbortSignal,
): Promise<{ ok: true; value: Contents } | { ok: false; failure: Failure } | null> {
  if (does.detail === null) return null
  const wanted = wantedTexts(does.detail, systemOfHost(does, new Map()), bare)
  for (const path of [...wanted.before, ...wanted.after]) {
    const text = texts.has(path) ? null : await store.text(path, largestText)
    if (text !== null) texts.set(path, text)
  }
  const files = wanted.before.filter((path) => !texts.has(path))
  const closureOf = known === null ? does.system : null
  if (files.length === 0 && closureOf === null) return null
  const found = await readContents({ name: host.name, settings: host.settings, files, closureOf }, remote, signal)
  if (found.ok) for (const [path, text] of found.value.texts) texts.set(path, text)
  return found
}

interface AfterRequest {
  readonly bare: NixosSystem
  readonly should: Evaluation
  readonly does: Observation
  readonly graph: DerivationGraph | null
  readonly closureBefore: Closure | null
  readonly closureAfter: Closure | null
}

async function afterWithPackages(
  { bare, should, does, graph, closureBefore, closureAfter }: AfterRequest,
  store: Store,
  signal: AbortSignal,
): Promise<NixosSystem> {
  const selected = graph === null ? null : chosenPackages(graph)
  if (closureAfter !== null) return withClosure(bare, closureAfter, selected ?? [])
  if (graph === null || closureBefore === null || selected === null)
    return withSelected(bare, selected ?? should.selectedPackages)
  const known = new Map<string, ClosurePath>()
  const asked = new Set<string>()
  const predict = () =>
    predictClosure({ graph, texts: bare.texts, before: closureBefore, beforeToplevel: does.system, known })
  let paths = predict()
  for (let round = 0; round < mostRounds; round++) {
    const open = [...paths].filter((path) => !asked.has(path) && !closureBefore.has(path))
    for (const path of open) asked.add(path)
    const found = await store.records(open, signal)
    if (!found.ok || found.value.size === 0) break
    for (const [path, record] of found.value) known.set(path, record)
    paths = predict()
  }
  return withPrediction(bare, paths, selected)
}

/** What evaluation alone tells, where the derivations are not here. */
export function notRead({ system, bootLinks, release }: Evaluation): NixosSystem {
  const none = unknown('the derivations of the planned system are not on this machine')
  const fields = { systemd: none, packages: none, size: none, etc: none, units: none, users: none, groups: none }
  const label = release === null ? none : predicted(release)
  const rest = {
    firewall: none,
    inhibitors: none,
    label,
    revision: none,
    texts: new Map<string, string>() satisfies Texts,
  }
  return { toplevel: system, boot: predicted(bootLinks), ...fields, ...rest }
}
