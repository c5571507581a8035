import { failed } from '../../../model/failure.ts'
import { basename, join, resolve } from 'node:path'
import { fileIn, fileReference } from '../../../model/fleet/file-reference.ts'
import type { Found } from '../../../model/host/system.ts'
import { git } from './git.ts'
import { localReference } from './local-reference.ts'

/**
 * A flake reference to another revision of the same flake. A working tree is asked what `ref` means there; what is
 * elsewhere takes it as Nix writes it (`github:OWNER/REPOSITORY/REF`, `?ref=`, `?rev=`).
 */
export async function baseReference(
  flake: string,
  ref: string,
  directory: string,
  signal: AbortSignal,
): Promise<Found<string>> {
  if (!/^[\w@][\w./@{}~^-]*$/.test(ref))
    return unknownBase(`\`${ref}\` does not look like a branch, a tag or a commit.`)
  const local = localReference(flake)
  if (local === null) return { ok: true, value: elsewhere(flake, ref) }
  const place = join(resolve(directory, local.path), local.dir)
  const rev = (await git(place, ['rev-parse', '--verify', '--quiet', `${ref}^{commit}`], signal))?.trim()
  const about = await git(place, ['rev-parse', '--show-toplevel', '--show-prefix', '--is-shallow-repository'], signal)
  const [top, prefix = '', isShallow] = about?.split('\n') ?? []
  if (rev === undefined || rev === '' || top === undefined)
    return unknownBase(`git knows no commit \`${ref}\` in ${place}. Fetch it first: git fetch.`)
  const dir = prefix.replace(/\/$/, '')
  const file = fileIn(flake)
  const name = file?.path.endsWith('.nix') === true ? basename(file.path) : 'default.nix'
  if (file !== null) return { ok: true, value: fileReference(`git+file://${top}?rev=${rev}#${prefix}${name}`) }
  const query = [
    `rev=${rev}`,
    ...(isShallow === 'true' ? ['shallow=1'] : []),
    ...(dir === '' ? [] : [`dir=${encodeURIComponent(dir)}`]),
  ]
  return { ok: true, value: `git+file://${top}?${query.join('&')}` }
}

function elsewhere(flake: string, ref: string): string {
  const [base = '', query = ''] = flake.split('?', 2)
  const forge = /^((?:github|gitlab|sourcehut):[^/]+\/[^/]+)/.exec(base)
  const rest = query.split('&').filter((part) => part !== '' && !/^(ref|rev)=/.test(part))
  if (forge !== null) return `${forge[1]}/${ref}${rest.length === 0 ? '' : `?${rest.join('&')}`}`
  const key = /^[0-9a-f]{40}$/.test(ref) ? 'rev' : 'ref'
  return `${base}?${[...rest, `${key}=${ref}`].join('&')}`
}

function unknownBase(detail: string): Found<never> {
  return failed('source/unknown-base', 'the base is unknown', detail)
}
