import type { Diagnostic, Outcome } from '../../model/diagnostic.ts'
import { milliseconds } from '../../model/fleet/duration.ts'
import type { Fleet } from '../../model/fleet/fleet.ts'
import type { Hook } from '../../model/plan/plan-schema.ts'
import { fileReference } from '../../model/fleet/file-reference.ts'
import { pointer } from '../../model/fleet/source.ts'
import type { FleetSource } from './load.ts'
import type { Library } from './load/library.ts'
import { checkNamesOf, resolveChecks } from './resolve/checks.ts'
import { contextOf, type Context } from './resolve/context.ts'
import { checkDependencies } from './resolve/dependencies.ts'
import { checkGates } from './resolve/gates.ts'
import { expandGroups, resolveGroups } from './resolve/groups.ts'
import { resolveHosts } from './resolve/hosts.ts'
import { checkVariables } from './resolve/placeholders.ts'
import { thisMachineLast } from './resolve/this-machine-last.ts'
import { resolveWaves } from './resolve/waves.ts'

/** What a fleet.yaml can mean beyond its own text. */
export interface Surroundings {
  /** The directory that holds it, absolute. */
  readonly directory: string
  /** The ready-made checks. */
  readonly library: Library
  /** The name of the machine that fleet runs on; absent: it is none of the hosts. */
  readonly hostname?: string
}

/** Makes the fleet that a fleet.yaml means, or tells everything that is wrong with it, what `load` found included. */
export function resolve(source: FleetSource, { directory, library, hostname }: Surroundings): Outcome<Fleet> {
  const context = contextOf(source, library)
  const { file } = context
  const names = checkNamesOf(context)
  const checks = resolveChecks(context)
  const members = expandGroups(context)
  const hosts = resolveHosts(context, members.groups, names)
  const enabled = hosts.filter((host) => host.enabled)
  const written = resolveWaves(context, hosts, members)
  const waves = hostname === undefined ? written : thisMachineLast(written, hosts, hostname)
  checkVariables(context, enabled)
  checkGates(context, checks, names)
  checkDependencies(context, hosts, waves)
  const fleet: Fleet = {
    name: file.name,
    flake: resolveFlake(context),
    attribute: file.attribute ?? 'nixosConfigurations',
    directory,
    hosts,
    groups: resolveGroups(context, members.groups, new Set(enabled.map(({ name }) => name))),
    checks,
    hooks: resolveHooks(context),
    waves,
    lock: resolveLock(context),
  }
  const diagnostics = inOrder([...source.problems, ...context.diagnostics])
  const failed = diagnostics.some(({ severity }) => severity === 'error')
  return failed ? { ok: false, diagnostics } : { ok: true, value: fleet, diagnostics }
}

function resolveFlake({ file, atValue }: Context): string {
  const { flake = '.', file: nixFile } = file
  if (nixFile !== undefined && file.flake !== undefined)
    atValue(
      'config/bad-value',
      pointer('file'),
      'There is `flake` as well. Hosts are in one of the two: remove the other.',
    )
  if (nixFile !== undefined) return fileReference(nixFile)
  if (holdsLogin(flake))
    atValue(
      'config/bad-value',
      pointer('flake'),
      'It holds a login, which every saved plan would hold as well. Give it to Nix instead: access-tokens or netrc-file in nix.conf.',
    )
  return flake
}

function resolveLock({ file, atValue }: Context): Fleet['lock'] {
  const { http } = file.lock ?? {}
  if (http === undefined) return null
  if (holdsLogin(http))
    atValue(
      'config/bad-value',
      pointer('lock', 'http'),
      'It holds a login, which every saved plan would hold as well. Set FLEET_LOCK_USERNAME and FLEET_LOCK_PASSWORD instead.',
    )
  return { http }
}

/** A reference with a password, or with a user where a user alone is a token (http); `ssh://git@host` is no secret. */
function holdsLogin(reference: string): boolean {
  const plain = reference.replace(/^git\+/, '')
  if (!URL.canParse(plain)) return false
  const { protocol, username, password } = new URL(plain)
  return password !== '' || (/^https?:$/.test(protocol) && username !== '')
}

function resolveHooks(context: Context): readonly Hook[] {
  return (context.file.hooks ?? []).map(({ on, run, timeout = '30s', onError = 'ignore' }, index) => {
    const at = pointer('hooks', index)
    if (run[0] === '') context.atValue('config/bad-value', `${at}/run/0`, 'The program has no name.')
    if (milliseconds(timeout) === 0)
      context.atValue('config/bad-duration', `${at}/timeout`, 'Within no time the program cannot answer.')
    return { on, run, timeoutMs: milliseconds(timeout), onError }
  })
}

/** As one reads the file. */
function inOrder(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return diagnostics.toSorted(
    (a, b) => (a.place?.line ?? 0) - (b.place?.line ?? 0) || (a.place?.column ?? 0) - (b.place?.column ?? 0),
  )
}
