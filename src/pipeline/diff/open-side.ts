import { failed } from '../../model/failure.ts'
import type { Fleet, Host } from '../../model/fleet/fleet.ts'
import type { Generation, Operand } from '../../model/fleet/operand.ts'
import type { Evaluation, Found, HostDetail, Observation } from '../../model/host/system.ts'
import { parseStorePath } from '../../model/nix/store-path.ts'
import type { Checkout } from '../../ports/checkout.ts'
import type { Nix } from '../../ports/nix.ts'
import type { Remote } from '../../ports/remote.ts'
import type { Store } from '../../ports/store.ts'
import { observationOfBase, statesOfBoot } from '../compare/gather/gather-base.ts'
import { systemOfHost } from '../compare/system/of-host.ts'
import { evaluateHosts } from '../evaluate/evaluate.ts'
import { observe } from '../observe/observe.ts'
import { lockBase } from '../plan/base.ts'
import type { BuiltSide, EvaluatedSide, Side } from './side.ts'

export interface SidePorts {
  readonly nix: Nix
  readonly checkout: Checkout
  readonly store: Store
  readonly remote: Remote
}

/** Finds out what one side is; `host` is the one that it names, or stands for a store path. */
export function openSide(
  { operand, name, host }: { readonly operand: Operand; readonly name: string; readonly host: Host },
  fleet: Fleet,
  ports: SidePorts,
  signal: AbortSignal,
): Promise<Found<Side>> {
  switch (operand.how) {
    case 'host':
      return askHost(name, host, null, ports.remote, signal)
    case 'generation':
      return askHost(name, host, operand.generation, ports.remote, signal)
    case 'revision':
      return evaluateAt({ name, host, ref: operand.ref }, fleet, ports, signal)
    case 'path':
      return readPath(name, host, operand.path, ports.store)
  }
}

async function askHost(
  name: string,
  host: Host,
  generation: Generation | null,
  remote: Remote,
  signal: AbortSignal,
): Promise<Found<BuiltSide>> {
  const { settings } = host
  const asking = { name: host.name, settings, withRoot: false, detail: 'contents' } as const
  const found = await observe(generation === null ? asking : { ...asking, generation }, remote, signal)
  if (!found.ok)
    return generation !== null && found.failure.code === 'observe/not-nixos'
      ? noGeneration(host.name, generation)
      : found
  const { detail } = found.value
  if (detail === null) throw new Error('bug: the contents of a system were asked for and not read')
  const side = { how: 'built', name, host, asks: 'host' } as const
  if (generation === null)
    return { ok: true, value: { ...side, is: 'as it runs', isRunning: true, observation: { ...found.value, detail } } }
  return {
    ok: true,
    value: {
      ...side,
      is: wordsOf(generation, found.value),
      isRunning: false,
      observation: restingAt(found.value, detail),
    },
  }
}

function wordsOf(generation: Generation, { generation: current }: Observation): string {
  if (generation === 'booted') return 'the booted system'
  if (generation === 'profile') return `the system profile${current === null ? '' : `, generation ${current}`}`
  return `generation ${generation}`
}

/** A system that does not run: as a boot would start it. */
function restingAt(observation: Observation, detail: HostDetail): BuiltSide['observation'] {
  const { system } = observation
  const units = statesOfBoot(systemOfHost(observation, new Map()))
  return {
    ...observation,
    profile: system,
    nextBoot: system,
    booted: system,
    specialisation: null,
    failedUnits: [],
    // The host tells it of the running system.
    revision: null,
    bootLinks: detail.links,
    detail: { ...detail, unitStates: units, idleUnits: null, unitNeeds: null },
  }
}

function noGeneration(host: string, generation: Generation): Found<never> {
  const which = typeof generation === 'number' ? `generation ${generation}` : `@${generation}`
  return failed(
    'diff/no-generation',
    'the host does not have that generation',
    `${host} has no ${which}; it may have been garbage-collected. \`nix-env -p /nix/var/nix/profiles/system --list-generations\` on the host lists those that are there.`,
  )
}

async function evaluateAt(
  { name, host, ref }: { readonly name: string; readonly host: Host; readonly ref: string | null },
  fleet: Fleet,
  { nix, checkout }: SidePorts,
  signal: AbortSignal,
): Promise<Found<EvaluatedSide>> {
  const locked =
    ref === null
      ? await nix.lock(fleet.flake, fleet.directory, signal)
      : await lockAt(ref, fleet, { nix, checkout }, signal)
  if (!locked.ok) return locked
  const source = locked.value
  const request = { fleet, hosts: [host], source, parallelism: 1, onHost: () => {} }
  const found = (await evaluateHosts(request, nix, signal)).get(host.name)
  if (found === undefined) throw new Error(`bug: ${host.name} was not evaluated`)
  if (!found.ok) return found
  const of = source.lastModified === null ? '' : ` of ${source.lastModified.slice(0, 10)}`
  const revision = source.rev === null ? 'the flake, no revision' : `revision ${source.rev.slice(0, 7)}`
  const is = `${revision}${of}${source.dirty ? ', with uncommitted changes' : ''}`
  return { ok: true, value: { how: 'evaluated', name, is, host, source, evaluation: found.value } }
}

async function lockAt(
  ref: string,
  fleet: Fleet,
  ports: Pick<SidePorts, 'nix' | 'checkout'>,
  signal: AbortSignal,
): Promise<Found<EvaluatedSide['source']>> {
  const locked = await lockBase(ref, fleet, ports, signal)
  return locked.ok ? { ok: true, value: locked.value.source } : locked
}

/** `path` is the real path. */
async function readPath(name: string, host: Host, path: string, store: Store): Promise<Found<BuiltSide>> {
  const toplevel = parseStorePath(path) === null ? null : path
  const contents = toplevel === null ? null : await store.contents(toplevel)
  if (toplevel === null || contents === null || contents.etc === null)
    return failed(
      'diff/no-system',
      'no NixOS system at that path',
      `${path} is not a NixOS system in this machine's store. Name a system that is built here, or the host that has it: HOST, HOST@GENERATION.`,
    )
  const [platform, release] = await Promise.all(
    ['system', 'nixos-version'].map(async (file) => (await store.text(`${toplevel}/${file}`, 1024))?.trim() ?? null),
  )
  const bootLinks = contents.links
  const evaluation: Evaluation = {
    drv: '',
    system: toplevel,
    profileDrv: null,
    profile: toplevel,
    platform: platform ?? 'unknown',
    release: release ?? null,
    bootLinks,
    kernelVersion: null,
    selectedPackages: null,
    warnings: [],
  }
  const untold = { initInterface: null, nixVersion: null, selfUpdaters: [], deriver: null }
  const detail: HostDetail = { ...contents, ...untold, unitStates: null }
  const observation = { ...observationOfBase(host, evaluation), booted: toplevel, detail }
  return {
    ok: true,
    value: {
      how: 'built',
      name,
      is: 'in this machine’s store',
      host,
      observation: restingAt(observation, detail),
      isRunning: false,
      asks: 'this-machine',
    },
  }
}
