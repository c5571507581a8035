import type { Closure } from '../../model/nix/closure.ts'
import type { Failure } from '../../model/plan/plan-schema.ts'
import type { Evaluation } from '../../model/host/system.ts'
import type { NixosSystem } from '../../model/host/nixos-system.ts'
import { gatherBase, observationOfBase, statesOfBoot } from '../compare/gather/gather-base.ts'
import { closureIfHere, gatherHost, type GatherPorts, largestText, selectedOf } from '../compare/gather/gather-host.ts'
import { wantedTexts } from '../compare/gather/wanted-texts.ts'
import type { HostSides } from '../compare/sides.ts'
import { systemOfHost } from '../compare/system/of-host.ts'
import { withClosure, withSelected } from '../compare/system/with-closure.ts'
import { readContents } from '../observe/contents.ts'
import type { BuiltSide, EvaluatedSide, Side } from './side.ts'

/** Both sides as far as they can be known without building, whichever way each is told. */
export async function gatherSides(from: Side, to: Side, ports: GatherPorts, signal: AbortSignal): Promise<HostSides> {
  if (from.how === 'built')
    return to.how === 'built' ? gatherBuilt(from, to, ports, signal) : gatherMixed(from, to, ports, signal)
  if (to.how === 'built') return turned(await gatherMixed(to, from, ports, signal), from, to)
  const observation = observationOfBase(from.host, from.evaluation)
  return gatherBase({ observation, base: from.evaluation, evaluation: to.evaluation }, ports.store, signal)
}

function gatherMixed(built: BuiltSide, to: EvaluatedSide, ports: GatherPorts, signal: AbortSignal): Promise<HostSides> {
  const { host, observation, asks } = built
  const remote = asks === 'host' ? ports.remote : null
  return gatherHost({ host, observation, evaluation: to.evaluation }, { ...ports, remote }, signal)
}

/** The same the other way round: from what is evaluated, whose units are taken to run as after a boot, to what is built. */
function turned(
  { before, after, graphs, closures, problems }: HostSides,
  from: EvaluatedSide,
  to: BuiltSide,
): HostSides {
  const observation = observationOfBase(from.host, from.evaluation)
  return {
    observation: {
      ...observation,
      detail: {
        ...to.observation.detail,
        links: from.evaluation.bootLinks,
        unitStates: statesOfBoot(after),
        idleUnits: null,
        unitNeeds: null,
      },
    },
    evaluation: evaluationOf(to),
    before: after,
    after: before,
    graphs: { before: graphs.after, after: graphs.before },
    closures: { before: closures.after, after: closures.before },
    problems,
  }
}

/** What an evaluation would have told of a system that is built. */
function evaluationOf({ observation: { system, profile, platform, release, detail }, host }: BuiltSide): Evaluation {
  return {
    drv: '',
    system,
    profileDrv: null,
    profile: profile ?? system,
    platform: platform ?? 'unknown',
    release,
    bootLinks: detail.links,
    kernelVersion: null,
    selectedPackages: null,
    warnings: [],
    ...(host.settings.engine === 'deploy-rs' ? { deployRs: null } : {}),
  }
}

/** Two systems that are built: what this machine has of them is read here, the rest is asked of each one's host, in one session. */
async function gatherBuilt(
  from: BuiltSide,
  to: BuiltSide,
  ports: GatherPorts,
  signal: AbortSignal,
): Promise<HostSides> {
  const bare = { before: systemOfHost(from.observation, new Map()), after: systemOfHost(to.observation, new Map()) }
  const wanted = wantedTexts(from.observation.detail, bare.before, bare.after, to.observation.detail)
  const [before, after] = await Promise.all([
    wholeOf(from, wanted.before, ports, signal),
    wholeOf(to, wanted.after, ports, signal),
  ])
  return {
    observation: from.observation,
    evaluation: evaluationOf(to),
    before: before.system,
    after: after.system,
    graphs: { before: null, after: null },
    closures: { before: before.closure, after: after.closure },
    problems: [...before.problems, ...after.problems],
  }
}

interface Whole {
  readonly system: NixosSystem
  readonly closure: Closure | null
  readonly problems: readonly Failure[]
}

async function wholeOf(
  { observation, host, asks }: BuiltSide,
  files: readonly string[],
  { store, closures, remote }: GatherPorts,
  signal: AbortSignal,
): Promise<Whole> {
  const texts = new Map<string, string>()
  for (const path of files) {
    const text = await store.text(path, largestText, signal)
    if (text !== null) texts.set(path, text)
  }
  const { system: toplevel } = observation
  let closure = (await closures.get(toplevel, host.name)) ?? (await closureIfHere(toplevel, store, signal))
  const open = files.filter((path) => !texts.has(path))
  const problems: Failure[] = []
  if (asks === 'host' && (open.length > 0 || closure === null)) {
    const request = {
      name: host.name,
      settings: host.settings,
      files: open,
      closureOf: closure === null ? toplevel : null,
    }
    const found = await readContents(request, remote, signal)
    if (!found.ok) problems.push(found.failure)
    else {
      for (const [path, text] of found.value.texts) texts.set(path, text)
      if (found.value.closure !== null) await closures.put(toplevel, found.value.closure, { host: host.name })
      closure ??= found.value.closure
    }
  }
  const system = systemOfHost(observation, texts)
  const selected = selectedOf(observation, closure)
  return {
    system: closure === null ? withSelected(system, selected) : withClosure(system, closure, selected),
    closure,
    problems,
  }
}
