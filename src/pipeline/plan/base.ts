import { failed } from '../../model/failure.ts'
import type { Fleet, Host } from '../../model/fleet/fleet.ts'
import type { Base, Note, Source } from '../../model/plan/plan-schema.ts'
import type { Evaluation, Found, Observation } from '../../model/host/system.ts'
import type { Checkout } from '../../ports/checkout.ts'
import type { Nix } from '../../ports/nix.ts'
import { gatherBase, observationOfBase } from '../compare/gather/gather-base.ts'
import { gatherHost, type GatherRequest, type GatherWith } from '../compare/gather/gather-host.ts'
import type { HostSides } from '../compare/sides.ts'
import { evaluateHosts, type EvaluateRequest } from '../evaluate/evaluate.ts'

/** Another revision of the flake, evaluated. */
export interface EvaluatedBase {
  readonly base: Base
  readonly evaluations: ReadonlyMap<string, Found<Evaluation>>
}

/** Another revision of the flake, by what a person called it. */
export interface LockedBase {
  readonly ref: string
  readonly source: Source
}

/** Finds another revision of the fleet's flake: what nobody knows by that name is told before anything is evaluated. */
export async function lockBase(
  ref: string,
  { flake, directory }: Pick<Fleet, 'flake' | 'directory'>,
  { nix, checkout }: { readonly nix: Nix; readonly checkout: Checkout },
  signal: AbortSignal,
): Promise<Found<LockedBase>> {
  const reference = await checkout.baseReference(flake, ref, directory, signal)
  if (!reference.ok) return reference
  const locked = await nix.lock(reference.value, directory, signal)
  return locked.ok ? { ok: true, value: { ref, source: locked.value } } : locked
}

/** Evaluates the hosts at another revision of the fleet's flake. */
export async function evaluateBase(
  { ref, source }: LockedBase,
  request: Omit<EvaluateRequest, 'source'>,
  nix: Nix,
  signal: AbortSignal,
): Promise<EvaluatedBase> {
  const evaluations = await evaluateHosts({ ...request, source, onHost: () => {} }, nix, signal)
  return { base: { ref, flake: source.flake, rev: source.rev }, evaluations }
}

/** The base in the place of what the hosts would say. */
export function observationsOfBase(
  hosts: readonly Host[],
  { base, evaluations }: EvaluatedBase,
): ReadonlyMap<string, Found<Observation>> {
  return new Map(
    hosts.map((host): [string, Found<Observation>] => {
      const found = evaluations.get(host.name)
      if (found?.ok === true) return [host.name, { ok: true, value: observationOfBase(host, found.value) }]
      const detail = found === undefined ? '' : found.failure.detail
      return [host.name, failed('base/evaluation-failed', `could not be evaluated at ${base.ref}`, detail)]
    }),
  )
}

/** What hosts say that nobody asks. */
export function notAsked(hosts: readonly Host[]): ReadonlyMap<string, Found<Observation>> {
  const offline = failed('observe/offline', 'not contacted', 'The plan was made with --offline.')
  return new Map(hosts.map(({ name }) => [name, offline]))
}

/** How both sides of a host are gathered: its base in the place of what it runs where there is one. */
export function gatherer(
  base: EvaluatedBase | null,
  ports: GatherWith,
  signal: AbortSignal,
): (request: GatherRequest) => Promise<HostSides> {
  return (request) => {
    const found = base?.evaluations.get(request.host.name)
    return found?.ok === true
      ? gatherBase({ ...request, base: found.value }, ports.store, signal)
      : gatherHost(request, ports, signal)
  }
}

/** What the flake's own changes since a revision come to, beside what the hosts have missed. */
export function sinceNote(
  { base, evaluations: atBase }: EvaluatedBase,
  evaluations: ReadonlyMap<string, Found<Evaluation>>,
): Note {
  const [differing, unknown]: [string[], string[]] = [[], []]
  for (const [host, found] of evaluations) {
    const before = atBase.get(host)
    if (!found.ok || before?.ok !== true) unknown.push(host)
    else if (before.value.system !== found.value.system) differing.push(host)
  }
  const names = (hosts: readonly string[]) =>
    `${hosts.slice(0, mostNamed).join(', ')}${hosts.length > mostNamed ? ', …' : ''}`
  const changed = differing.length === 0 ? 'no host has another system' : `another system for ${names(differing)}`
  const gaps = unknown.length === 0 ? '' : ` Unknown for ${names(unknown)}.`
  return {
    code: 'plan/since',
    severity: 'info',
    summary: `since ${base.ref}: ${changed} (${differing.length} of ${evaluations.size})`,
    detail: `Other changes in this plan were already in ${base.ref}; they have not been rolled out yet.${gaps}`,
  }
}

/** Hosts that a note names. */
const mostNamed = 12

/** What the flakes of both revisions were allowed, as `adapters/nix/seal.ts` makes sure. */
export function sealNote(importFromDerivation: boolean): Note {
  const building = importFromDerivation
    ? 'it was allowed to build while it was evaluated (--allow-import-from-derivation)'
    : 'it may not build while it is evaluated'
  return {
    code: 'plan/sealed',
    severity: 'info',
    summary: `evaluated as a stranger’s flake${importFromDerivation ? ', which was allowed to build' : ''}`,
    detail: `Its nixConfig was ignored, ${building}, and it fetches only what its flake.lock names (accept-flake-config = false, restrict-eval = true).`,
  }
}

/** Said wherever such a plan is shown. */
export function baseNote({ base }: EvaluatedBase): Note {
  return {
    code: 'plan/base',
    severity: 'info',
    summary: `compared with ${base.ref}, not with the hosts`,
    detail:
      'What the hosts run is unknown; fleet assumes that they run the units which the base starts. Such a plan cannot be applied.',
  }
}
