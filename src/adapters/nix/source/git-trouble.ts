import { stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { Failure } from '../../../model/plan/plan-schema.ts'
import { cleanText } from '../../../model/text/text.ts'
import { git, gitError } from './git.ts'
import { localReference } from './local-reference.ts'

/**
 * The same failure in the words of what is wrong, where that is Git's: Nix says how git ended, and not what it said; and of a
 * flake.nix that is not tracked it says that a copy in the store lacks one.
 */
export async function withGitTrouble(
  flake: string,
  directory: string,
  failure: Failure,
  signal: AbortSignal,
): Promise<Failure> {
  const local = localReference(flake)
  if (local === null) return failure
  const place = join(resolve(directory, local.path), local.dir)
  if (/program '?git'? failed with exit code/.test(failure.detail)) {
    const said = await gitError(place, signal)
    // What Nix printed besides is git's help, by the page.
    const { code, summary } = failure
    return said === '' ? failure : { code, summary, detail: `git: ${cleanText(said)}` }
  }
  if (!/flake\.nix/.test(failure.detail) || !(await isUntracked(place, signal))) return failure
  const detail = `flake.nix is there, and Git does not track it: Nix reads only what Git tracks. Run git add flake.nix in ${place}.`
  return { ...failure, detail }
}

async function isUntracked(place: string, signal: AbortSignal): Promise<boolean> {
  const found = await stat(join(place, 'flake.nix')).catch(() => null)
  if (found?.isFile() !== true) return false
  return (await git(place, ['ls-files', '--', 'flake.nix'], signal)) === ''
}
