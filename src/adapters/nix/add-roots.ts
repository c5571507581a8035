import { mkdir, readlink, rename, rm, symlink } from 'node:fs/promises'
import { basename, dirname, join, relative } from 'node:path'
import type { Found } from '../../model/host/system.ts'
import { program } from './command.ts'
import { gather } from './gather.ts'

/** A store path, and the link that is to keep it alive, both absolute. */
interface Wanted {
  readonly path: string
  readonly root: string
}

/** Beside the links: those that Nix has made for many paths at once, by names of its own. */
const gathered = '.gathered'
/** Roots that one process is asked for. */
const batch = 1000

/** Roots that are wanted together are one question to Nix; the answer names those that are there. */
const addTogether = gather(async (all: readonly Wanted[], signal): Promise<Found<ReadonlySet<string>>> => {
  const done = new Set<string>()
  for (const [folder, wanted] of byFolder(all))
    for (let at = 0; at < wanted.length; at += batch)
      for (const root of await addThoseHere(folder, wanted.slice(at, at + batch), signal)) done.add(root)
  return { ok: true, value: done }
})

/** Keeps a valid store path alive by a link at `root`, absolute; false where the path is not in the store, or that was interrupted. */
export async function addRoot(path: string, root: string, signal: AbortSignal): Promise<boolean> {
  const added = await addTogether([{ path, root }], signal)
  return added.ok && added.value.has(root)
}

/** Removes a link of ours, or a directory with all links in it, and what Nix made for it; what is not there is fine. */
export async function removeRoot(root: string): Promise<void> {
  await removeGathered(root)
  // A link is removed, never what it leads to.
  await rm(root, { recursive: true, force: true })
}

/** Mostly all paths are in the store: only where Nix makes no roots, since one of many is not, it is asked which are. */
async function addThoseHere(
  folder: string,
  wanted: readonly Wanted[],
  signal: AbortSignal,
): Promise<readonly string[]> {
  const added = await addBatch(folder, wanted, signal)
  if (added !== null) return added
  if (wanted.length <= 1 || signal.aborted) return []
  const invalid = await invalidOf([...new Set(wanted.map(({ path }) => path))], signal)
  const here = wanted.filter(({ path }) => !invalid.has(path))
  if (here.length === 0) return []
  const again = await addBatch(folder, here, signal)
  if (again !== null) return again
  // One that was collected just now must not keep the others from their roots.
  const alone: string[] = []
  for (const one of here) alone.push(...((await addBatch(folder, [one], signal)) ?? []))
  return alone
}

/** Those of the paths that are not in the store; all of them where Nix does not say. */
async function invalidOf(paths: readonly string[], signal: AbortSignal): Promise<ReadonlySet<string>> {
  const asked = await program('nix-store', ['--check-validity', '--print-invalid', ...paths], signal)
  return new Set(asked.how === 'exited' && asked.code === 0 ? asked.stdout.split('\n') : paths)
}

function byFolder(all: readonly Wanted[]): ReadonlyMap<string, readonly Wanted[]> {
  const folders = new Map<string, Wanted[]>()
  for (const wanted of all) {
    const folder = dirname(wanted.root)
    const others = folders.get(folder)
    if (others === undefined) folders.set(folder, [wanted])
    else others.push(wanted)
  }
  return folders
}

/**
 * Nix names the roots of one call LINK, LINK-2, LINK-3 … in the order of the paths (nix-store.cc, `--add-root`). Each root of ours
 * is a link to one of those. Null where it makes none, since one of the paths is not in the store.
 */
async function addBatch(
  folder: string,
  wanted: readonly Wanted[],
  signal: AbortSignal,
): Promise<readonly string[] | null> {
  const first = join(folder, gathered, crypto.randomUUID())
  await mkdir(dirname(first), { recursive: true })
  const paths = wanted.map(({ path }) => path)
  const options = ['--add-root', first, '--indirect', '--option', 'substitute', 'false']
  const made = await program('nix-store', ['--realise', ...paths, ...options], signal)
  if (made.how !== 'exited' || made.code !== 0) return null
  return Promise.all(
    wanted.map(async ({ path, root }, index) => {
      const link = index === 0 ? first : `${first}-${index + 1}`
      const target = await readlink(link)
      if (target !== path) throw new Error(`bug: Nix made ${link} for ${target}, and not for ${path}`)
      await removeGathered(root)
      await replaceLink(root, relative(dirname(root), link))
      return root
    }),
  )
}

async function replaceLink(root: string, target: string): Promise<void> {
  const made = `${root}.${crypto.randomUUID()}`
  await symlink(target, made)
  await rename(made, root)
}

async function removeGathered(root: string): Promise<void> {
  const target = await readlink(root).catch(isNoLink)
  if (target === null || dirname(target) !== gathered) return
  await rm(join(dirname(root), gathered, basename(target)), { force: true })
}

/** Null for what is not there, or is no link. */
function isNoLink(error: unknown): null {
  if (error instanceof Error && 'code' in error && ['ENOENT', 'EINVAL'].includes(String(error.code))) return null
  throw error
}
