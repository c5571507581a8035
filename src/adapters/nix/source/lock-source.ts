import { failed } from '../../../model/failure.ts'
import { stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { Failure, Source } from '../../../model/plan/plan-schema.ts'
import type { Found } from '../../../model/host/system.ts'
import { readNamedFile } from '../../files/named-file.ts'
import { nix, nixFailure } from '../command.ts'
import { readMetadata } from './flake-metadata.ts'
import { withGitTrouble } from './git-trouble.ts'
import { decoded, localReference } from './local-reference.ts'
import { type Seal, sealedOptions } from '../seal.ts'
import { traced } from '../shorten.ts'

/** Bytes of a lock file that is read: those of thousands of inputs have fewer. */
const largestLockFile = 4 * 1024 * 1024

/** A source, and what decides besides it what it evaluates to. */
export interface LockedSource {
  readonly source: Source
  readonly revCount: number | null
  /** False where an input is in flake.nix and not in flake.lock: what it is may change from one run to the next. */
  readonly isComplete: boolean
}

/**
 * Locks a flake reference once. A clean git tree keeps its `?rev=`; a dirty one, and anything without a revision,
 * is pinned by the path of its copy in the store, so that everything after reads the same bytes. No file is written. A sealed flake
 * whose lock file is not whole is not locked at all.
 */
export async function lockFlake(
  flake: string,
  directory: string,
  signal: AbortSignal,
  seal: Seal | null = null,
): Promise<Found<LockedSource>> {
  const reference = await absoluteReference(flake, directory)
  const options = seal === null ? ['--no-write-lock-file'] : sealedOptions(seal)
  const args = ['flake', 'metadata', '--json', ...options, '--', reference]
  const ended = await nix(args, signal, { cwd: directory })
  const failure = nixFailure(ended, 'source/not-locked', 'the flake could not be read')
  if (failure !== null)
    return {
      ok: false,
      failure:
        (await conflict(flake, directory)) ??
        (await withGitTrouble(
          flake,
          directory,
          await folderMeant(flake, directory, traced(failure, ended.stderr)),
          signal,
        )),
    }
  const { url, resolvedUrl, path, revision, narHash, lastModified, revCount } = readMetadata(ended.stdout)
  if (url === null || path === null)
    return failed(
      'source/not-locked',
      'the flake could not be read',
      'nix flake metadata gave neither a locked reference nor a store path.',
    )
  const isGit = /^git\+|^git:/.test(resolvedUrl ?? url)
  const source: Source = {
    original: flake,
    flake: revision === null ? await pinned(path, url, signal, seal) : fullReference(url),
    rev: revision,
    narHash,
    dirty: isGit && revision === null,
    lastModified,
    storePath: path,
  }
  return { ok: true, value: { source, revCount, isComplete: !isIncomplete(ended.stderr) } }
}

/** The source alone. */
export async function lockSource(flake: string, directory: string, signal: AbortSignal): Promise<Found<Source>> {
  const found = await lockFlake(flake, directory, signal)
  return found.ok ? { ok: true, value: found.value.source } : found
}

/**
 * A locked git reference with its branch named in full, as newer Nix writes it (seen in 2.26); 2.8 writes `ref=main` and
 * means the same. So one source has one name, and a plan one id, whichever Nix locked it.
 */
export function fullReference(url: string): string {
  return /^git(\+|:)/.test(url) ? url.replace(/([?&]ref=)(?!refs\/|HEAD(?:&|$))/, '$1refs/heads/') : url
}

/** What Nix says, from 2.8 on, when it had to complete the lock file. */
export function isIncomplete(stderr: string): boolean {
  return stderr.includes('not writing modified lock file')
}

/**
 * `path:` on a store path copies nothing; a `?dir=` of the original is kept. Nix 2.8 knows no `dir` of a path: there the
 * folder alone is pinned, and a flake in it that reads files above it does not evaluate.
 */
async function pinned(storePath: string, url: string, signal: AbortSignal, seal: Seal | null): Promise<string> {
  const dir = /[?&]dir=([^&#]*)/.exec(url)?.[1]
  if (dir === undefined) return `path:${storePath}`
  const reference = `path:${storePath}?dir=${dir}`
  const ended = await nix(
    ['flake', 'metadata', '--json', ...(seal === null ? [] : sealedOptions(seal)), '--', reference],
    signal,
  )
  return ended.how === 'exited' && ended.code === 0 ? reference : `path:${storePath}/${decoded(dir)}`
}

/**
 * A relative path becomes absolute, since it starts at fleet.yaml and not where the operator stands. A shallow clone is
 * called one, which Nix does by itself for a plain path only; 2.8 refuses it otherwise.
 */
export async function absoluteReference(flake: string, directory: string): Promise<string> {
  const local = localReference(flake)
  if (local === null) return flake
  const full = resolve(directory, local.path)
  if (local.scheme === '') {
    // Nix explains a missing flake in terms of its parents; a person asked for this directory.
    const found = await stat(full).catch((error: NodeJS.ErrnoException) => error)
    return found instanceof Error ? full : `${full}${local.query}`
  }
  const isShallow = await stat(join(full, '.git', 'shallow')).then(
    () => local.scheme === 'git+file' && !/[?&]shallow=/.test(local.query),
    () => false,
  )
  const query = isShallow ? `${local.query === '' ? '?' : `${local.query}&`}shallow=1` : local.query
  return `${local.scheme}:${local.scheme === 'git+file' ? '//' : ''}${full}${query}`
}

/** To Nix `nixos/lab` is a name of its registry; where there is a folder of that name, a person meant it. */
async function folderMeant(flake: string, directory: string, failure: Failure): Promise<Failure> {
  if (/^[./]|:/.test(flake) || !(await stat(join(directory, flake)).catch(() => null))?.isDirectory()) return failure
  return { ...failure, detail: `${failure.detail}\nFor the folder of that name write ./${flake}` }
}

/** A lock file with conflict markers is named as that; what Nix says of it is about JSON. */
async function conflict(flake: string, directory: string): Promise<Failure | null> {
  const local = localReference(flake)
  if (local === null) return null
  const file = join(resolve(directory, local.path), local.dir, 'flake.lock')
  const text =
    (await stat(file).catch(() => null))?.isFile() === true
      ? await readNamedFile(file, largestLockFile).catch(() => '')
      : ''
  if (!/^(<{7}|={7}|>{7})( |$)/m.test(text)) return null
  return {
    code: 'source/lock-conflict',
    summary: 'flake.lock holds conflict markers',
    detail: `${file} was merged with conflicts. Take one side (git checkout --ours or --theirs flake.lock), then run nix flake lock, and commit.`,
  }
}
