import { stat } from 'node:fs/promises'
import { isAbsolute, resolve } from 'node:path'
import type { Source } from '../../model/plan-schema.ts'
import type { Found } from '../../model/system.ts'
import { nix, nixFailure } from './command.ts'

/** The parts of `nix flake metadata --json` that exist from Nix 2.8 to 2.36. */
interface Metadata {
  readonly url?: string
  readonly resolvedUrl?: string
  readonly lockedUrl?: string
  readonly path?: string
  readonly revision?: string
  readonly lastModified?: number
  readonly locked?: { readonly narHash?: string; readonly rev?: string; readonly lastModified?: number }
}

/**
 * Locks a flake reference once. A clean git tree keeps its `?rev=`; a dirty one, and anything without a revision,
 * is pinned by the path of its copy in the store, so that everything after reads the same bytes.
 */
export async function lockSource(flake: string, directory: string, signal: AbortSignal): Promise<Found<Source>> {
  const reference = await absolute(flake, directory)
  const ended = await nix(['flake', 'metadata', '--json', '--', reference], signal, { cwd: directory })
  const failure = nixFailure(ended, 'source/not-locked', 'the flake could not be read')
  if (failure !== null) return { ok: false, failure }
  const metadata = JSON.parse(ended.stdout) as Metadata
  const rev = metadata.revision ?? metadata.locked?.rev ?? null
  const url = metadata.url ?? metadata.lockedUrl ?? metadata.resolvedUrl
  if (url === undefined || metadata.path === undefined)
    return {
      ok: false,
      failure: {
        code: 'source/not-locked',
        summary: 'the flake could not be read',
        detail: 'nix flake metadata gave neither a locked reference nor a store path.',
      },
    }
  const isGit = /^git\+|^git:/.test(metadata.resolvedUrl ?? url)
  const modified = metadata.lastModified ?? metadata.locked?.lastModified
  return {
    ok: true,
    value: {
      original: flake,
      flake: rev === null ? await pinned(metadata.path, url, signal) : url,
      rev,
      narHash: metadata.locked?.narHash ?? null,
      dirty: isGit && rev === null,
      lastModified: modified === undefined ? null : new Date(modified * 1000).toISOString().replace('.000Z', 'Z'),
      storePath: metadata.path,
    },
  }
}

/**
 * `path:` on a store path copies nothing; a `?dir=` of the original is kept. Nix 2.8 knows no `dir` of a path: there the
 * folder alone is pinned, and a flake in it that reads files above it does not evaluate.
 */
async function pinned(storePath: string, url: string, signal: AbortSignal): Promise<string> {
  const dir = /[?&]dir=([^&#]*)/.exec(url)?.[1]
  if (dir === undefined) return `path:${storePath}`
  const reference = `path:${storePath}?dir=${dir}`
  const ended = await nix(['flake', 'metadata', '--json', '--', reference], signal)
  return ended.how === 'exited' && ended.code === 0 ? reference : `path:${storePath}/${decodeURIComponent(dir)}`
}

/** A relative path becomes absolute, since it starts at fleet.yaml and not where the operator stands. */
async function absolute(flake: string, directory: string): Promise<string> {
  const [path = '', query] = flake.split(/(?=[?#])/, 2)
  const isPath = path === '' || path.startsWith('.') || isAbsolute(path)
  if (!isPath) return flake
  const full = resolve(directory, path === '' ? '.' : path)
  // Nix explains a missing flake in terms of its parents; a person asked for this directory.
  const found = await stat(full).catch((error: NodeJS.ErrnoException) => error)
  return found instanceof Error ? full : `${full}${query ?? ''}`
}
