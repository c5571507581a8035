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
  const invalid = await invalidOf([...new Set(all.map(({ path }) => path))], signal)
  const here = all.filter(({ path }) => !invalid.has(path))
  const done = new Set<string>()
  for (const [folder, wanted] of byFolder(here))
    for (let at = 0; at < wanted.length; at += batch)
      for (const root of await addBatch(folder, wanted.slice(at, at + batch), signal)) done.add(root)
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

/** Those of the paths that are not in the store; all of them where Nix does not say. */
async function invalidOf(paths: readonly string[], signal: AbortSignal): Promise<ReadonlySet<string>> {
  const invalid = new Set<string>()
  for (let at = 0; at < paths.length; at += batch) {
    const some = paths.slice(at, at + batch)
    const asked = await program('nix-store', ['--check-validity', '--print-invalid', ...some], signal)
    const told = asked.how === 'exited' && asked.code === 0 ? asked.stdout.split('\n') : some
    for (const path of told) invalid.add(path)
  }
  return invalid
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
 * is a link to one of those.
 */
async function addBatch(folder: string, wanted: readonly Wanted[], signal: AbortSignal): Promise<readonly string[]> {
  const first = join(folder, gathered, crypto.randomUUID())
  await mkdir(dirname(first), { recursive: true })
  const paths = wanted.map(({ path }) => path)
  const options = ['--add-root', first, '--indirect', '--option', 'substitute', 'false']
  const made = await program('nix-store', ['--realise', ...paths, ...options], signal)
  if (made.how !== 'exited' || made.code !== 0) return addEach(folder, wanted, signal)
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

/** One path that was collected just now must not keep the others from their roots. */
async function addEach(folder: string, wanted: readonly Wanted[], signal: AbortSignal): Promise<readonly string[]> {
  if (wanted.length <= 1 || signal.aborted) return []
  const each = wanted.map((one) => () => addBatch(folder, [one], signal))
  const added: string[] = []
  for (const add of each) added.push(...(await add()))
  return added
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
