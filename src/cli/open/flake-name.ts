import { basename, dirname, relative, resolve } from 'node:path'
import { localReference } from '../../adapters/nix/source/local-reference.ts'

/** A name for the fleet of a flake: that of its folder, or of its repository. */
export function fleetNameOf(flake: string): string {
  const local = localReference(flake)
  if (local !== null) return basename(resolve(local.path, local.dir))
  const [path = ''] = flake.split(/[?#]/, 1)
  const forge = /^(?:github|gitlab|sourcehut):[^/]+\/([^/]+)/.exec(path)
  return (forge?.[1] ?? basename(path)).replace(/\.git$/, '').replace(/^[a-z]+:/, '')
}

/** The reference as a fleet.yaml has it: a relative path starts at that file, and not where the command was typed. */
export function flakeFor(file: string, flake: string): string {
  const local = localReference(flake)
  if (local === null || local.path.startsWith('/')) return flake
  const path = relative(dirname(resolve(file)), resolve(local.path))
  const shown = path === '' ? '.' : path.startsWith('.') ? path : `./${path}`
  return `${local.scheme === '' ? '' : `${local.scheme}:`}${shown}${local.query}`
}
