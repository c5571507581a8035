import { join, resolve } from 'node:path'
import { fileIn } from '../../../model/fleet/file-reference.ts'
import type { Commit, History } from '../../../model/git/history.ts'
import type { Source } from '../../../model/plan/plan-schema.ts'
import { notesOfSource } from '../../../model/git/source-notes.ts'
import { timeOfUnix } from '../../../model/text/unix-time.ts'
import { cleanLine } from '../../../model/text/text.ts'
import { parseWorkingTree } from '../../../model/git/working-tree.ts'
import type { Checkout } from '../../../ports/checkout.ts'
import { baseReference } from './base-reference.ts'
import { storeFiles } from '../../files/store-files.ts'
import { nix } from '../command.ts'
import { git } from './git.ts'
import { decoded, type LocalReference, localReference } from './local-reference.ts'
import { isIncomplete } from './lock-source.ts'

/** Bytes of a lock file that is read: those of thousands of inputs have fewer. */
const largestLockFile = 4 * 1024 * 1024
/** Commits that a history lists. */
const listed = 100

/** The tree behind a source, by git's command line; without git, or for a source that is elsewhere, little is known. */
export const gitCheckout: Checkout = {
  async notes(source, directory, signal, isLockComplete = false) {
    const local = localReference(source.original)
    const [facts, isLockIncomplete, lock] = await Promise.all([
      local === null ? null : factsOf(local, directory, signal),
      isLockComplete ? false : isLockMissing(source, signal),
      gitCheckout.lockFile(source, directory, null, signal),
    ])
    const nowhere = { tree: null, folder: '', isShallow: false, isLockIgnored: false, copiesGit: false }
    return notesOfSource(source, { ...(facts ?? nowhere), isLockIncomplete, lock: lock ?? '' })
  },

  async history({ original }, directory, { from, to }, signal) {
    const local = localReference(original)
    if (local === null || !isRevision(from) || !isRevision(to)) return null
    const tree = resolve(directory, local.path)
    const counts = await git(tree, ['rev-list', '--left-right', '--count', `${from}...${to}`, '--'], signal)
    const [, behind, ahead] = /^(\d+)\s+(\d+)\s*$/.exec(counts ?? '') ?? []
    if (behind === undefined || ahead === undefined) return null
    const log = ['log', `--max-count=${listed}`, '--format=%H%x00%ct%x00%s%x00', `${from}..${to}`, '--']
    return { ahead: Number(ahead), behind: Number(behind), commits: commitsIn(await git(tree, log, signal)) }
  },

  baseReference,

  fileAt(directory, ref, name, signal) {
    // A name that git could read as an option is no revision.
    return ref.startsWith('-') ? Promise.resolve(null) : git(directory, ['show', `${ref}:./${name}`], signal)
  },

  async lockFile(source, directory, rev, signal) {
    if (fileIn(source.flake) !== null) return null
    const local = localReference(source.original)
    if (rev !== null && rev !== source.rev) {
      if (local === null || !isRevision(rev)) return null
      const place = join(resolve(directory, local.path), local.dir)
      return git(place, ['show', `${rev}:./flake.lock`], signal)
    }
    if (source.storePath === null) return null
    return storeFiles().text(join(source.storePath, folderOf(source), 'flake.lock'), largestLockFile)
  },
}

/** What git tells of the tree; null where there is none. */
async function factsOf(local: LocalReference, directory: string, signal: AbortSignal) {
  const place = join(resolve(directory, local.path), local.dir)
  const [about, status] = await Promise.all([
    git(place, ['rev-parse', '--is-shallow-repository', '--show-prefix'], signal),
    git(place, ['status', '--porcelain=v2', '--branch', '-z', '--untracked-files=all'], signal),
  ])
  if (about === null || status === null) return null
  const [isShallow = '', folder = ''] = about.split('\n')
  const [ignored, tracked] = await Promise.all([
    git(place, ['check-ignore', '--quiet', '--', 'flake.lock'], signal),
    git(place, ['ls-files', '--', 'flake.lock'], signal),
  ])
  return {
    tree: parseWorkingTree(status),
    folder,
    isShallow: isShallow === 'true',
    isLockIgnored: ignored !== null && tracked === '',
    copiesGit: local.scheme === 'path',
  }
}

/** Asked of the locked reference, so that it is true of what is evaluated. */
async function isLockMissing(source: Source, signal: AbortSignal): Promise<boolean> {
  if (fileIn(source.flake) !== null) return false
  const args = ['flake', 'metadata', '--json', '--no-write-lock-file', '--', source.flake]
  return isIncomplete((await nix(args, signal, { timeoutMs: 30_000 })).stderr)
}

/** The flake's folder in the copy of its source: of the locked reference, or of the pinned one, which may hold it as path. */
function folderOf({ flake, storePath }: Source): string {
  const dir = /[?&]dir=([^&#]*)/.exec(flake)?.[1]
  if (dir !== undefined) return decoded(dir)
  return flake.startsWith(`path:${storePath}/`) ? flake.slice(`path:${storePath}/`.length) : ''
}

/** A full hash and nothing that git could read as an option or another name: it may come from a host. */
function isRevision(text: string): boolean {
  return /^[0-9a-f]{40}([0-9a-f]{24})?$/.test(text)
}

function commitsIn(log: string | null): History['commits'] {
  const fields = (log ?? '').split('\0')
  const commits: Commit[] = []
  for (let at = 0; at + 2 < fields.length; at += 3) {
    const [rev = '', time = '', subject = ''] = fields.slice(at, at + 3)
    const date = timeOfUnix(Number(time))
    if (date !== null) commits.push({ rev: rev.trim(), date, subject: cleanLine(subject) })
  }
  return commits
}
