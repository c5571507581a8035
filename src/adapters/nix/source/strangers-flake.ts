import { realpath, stat } from 'node:fs/promises'
import { join, resolve, sep } from 'node:path'
import { failure } from '../../../model/failure.ts'
import { inputsOfThisMachine } from '../../../model/nix/machine-inputs.ts'
import type { Failure } from '../../../model/plan/plan-schema.ts'
import { git } from './git.ts'
import { localReference } from './local-reference.ts'

/**
 * Why a stranger's fleet.yaml in `directory` may not name this flake; null: it may. What it names on this machine has to lie in its own
 * checkout, links followed: another directory is yours, and its contents would stand in the plan.
 */
export async function outsideCheckout(flake: string, directory: string, signal: AbortSignal): Promise<Failure | null> {
  const local = localReference(flake)
  if (local === null) return /^(?:[\w.+-]+\+)?file:/i.test(flake) ? refused(flake) : null
  const tree = resolve(directory, local.path)
  const top = (await git(directory, ['rev-parse', '--show-toplevel'], signal))?.trim()
  const [checkout, ...places] = await Promise.all([top ?? directory, tree, join(tree, local.dir)].map(realPathOf))
  const isInside = (place: string | null) => place === checkout || place?.startsWith(`${checkout}${sep}`) === true
  if (checkout === null || !places.every(isInside)) return refused(flake)
  // Nix takes a directory without .git for a bare repository, whose own configuration git then follows.
  const isRepository = local.scheme !== 'git+file' || (await stat(join(tree, '.git')).catch(() => null)) !== null
  return isRepository ? null : refused(flake)
}

/** Why a stranger's flake with this flake.lock is not fetched; null: all its inputs come from elsewhere. */
export function lockedToThisMachine(lockFile: string): Failure | null {
  const inputs = inputsOfThisMachine(lockFile) ?? []
  if (inputs.length === 0) return null
  const named = `${inputs.slice(0, 3).join(', ')}${inputs.length > 3 ? ` and ${inputs.length - 3} more` : ''}`
  return notAllowed(`flake.lock takes inputs from this machine: ${named}.`)
}

function refused(flake: string): Failure {
  return notAllowed(`fleet.yaml names ${flake}, which lies on this machine outside the checkout of fleet.yaml.`)
}

function notAllowed(what: string): Failure {
  return failure(
    'evaluate/sealed',
    'it needs more than a stranger’s flake is allowed',
    `${what} A stranger could read your files that way.`,
  )
}

/** Null where there is nothing: Nix says so. */
async function realPathOf(path: string): Promise<string | null> {
  return realpath(path).catch(() => null)
}
