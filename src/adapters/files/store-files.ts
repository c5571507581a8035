import { constants } from 'node:fs'
import { type FileHandle, open, readdir, readlink, realpath } from 'node:fs/promises'
import { join } from 'node:path'
import { parseStorePath } from '../../model/nix/store-path.ts'

/** Bytes read at once: an interrupt is noticed between two reads. */
const chunk = 64 * 1024
/** Entries of a directory tree that are listed: many times the largest /etc. */
const mostEntries = 200_000

/** Gone, no file, without permission, or a loop of links: to a reader of store texts, all of them are "not there". */
const absent = ['ENOENT', 'ENOTDIR', 'EISDIR', 'ELOOP', 'ENXIO', 'EACCES', 'ENAMETOOLONG', 'ENODEV']

/** What lies below a directory of the store: links with what stands in them, and plain files, by name below it. */
export interface StoreTree {
  readonly links: readonly { readonly name: string; readonly target: string }[]
  readonly files: readonly string[]
}

/**
 * Reads files of the store, and nothing else: their paths come from hosts, flakes and status files. A path whose real place
 * is outside the store, or that is no plain file, is not there.
 */
export interface StoreFiles {
  /** Where a path leads when every link is followed; null where that is not inside the store. */
  place(path: string): Promise<string | null>
  /** A whole text; null where there is no plain file, it has more than `maxBytes`, or a NUL byte, or the signal is aborted. */
  text(path: string, maxBytes: number, signal?: AbortSignal): Promise<string | null>
  /** Where a plain file really is, and its bytes; null where there is none. */
  size(path: string): Promise<{ readonly path: string; readonly bytes: number } | null>
  /** Lists a directory, no link followed; null where there is none, or far more in it than any system has. */
  tree(directory: string): Promise<StoreTree | null>
}

/** The files of the store in `directory`: this machine's, unless a test has one of its own (NixOS/nix src/libstore/globals.cc). */
export function storeFiles(directory = process.env['NIX_STORE_DIR'] ?? '/nix/store'): StoreFiles {
  const place = async (path: string) => {
    if (parseStorePath(path)?.directory !== directory) return null
    const real = await realpath(path).catch(nullWhenAbsent)
    return real !== null && parseStorePath(real)?.directory === directory ? real : null
  }
  return {
    place,
    async text(path, maxBytes, signal) {
      const real = await place(path)
      return real === null ? null : usePlainFile(real, (file) => textOf(file, maxBytes, signal))
    },
    async size(path) {
      const real = await place(path)
      return real === null
        ? null
        : usePlainFile(real, async (file) => ({ path: real, bytes: (await file.stat()).size }))
    },
    async tree(path) {
      const real = await place(path)
      return real === null ? null : treeOf(real)
    },
  }
}

/** Opens a file by its real place, so that no link decides what is read. */
async function usePlainFile<T>(real: string, use: (file: FileHandle) => Promise<T>): Promise<T | null> {
  // A pipe would wait for its writer.
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK
  const file = await open(real, flags).catch(nullWhenAbsent)
  if (file === null) return null
  try {
    return (await file.stat()).isFile() ? await use(file) : null
  } finally {
    await file.close()
  }
}

async function textOf(file: FileHandle, maxBytes: number, signal?: AbortSignal): Promise<string | null> {
  const parts: Buffer[] = []
  let total = 0
  for (;;) {
    if (signal?.aborted === true) return null
    const { bytesRead, buffer } = await file.read(Buffer.alloc(chunk), 0, chunk, total)
    if (bytesRead === 0) break
    const part = buffer.subarray(0, bytesRead)
    total += bytesRead
    if (total > maxBytes || part.includes(0)) return null
    parts.push(part)
  }
  return Buffer.concat(parts).toString('utf8')
}

async function treeOf(directory: string): Promise<StoreTree | null> {
  const links: { name: string; target: string }[] = []
  const files: string[] = []
  const waiting = ['']
  let seen = 0
  for (let prefix = waiting.pop(); prefix !== undefined; prefix = waiting.pop()) {
    const entries = await readdir(join(directory, prefix), { withFileTypes: true }).catch(nullWhenAbsent)
    seen += entries?.length ?? 0
    if (entries === null || seen > mostEntries) return null
    for (const entry of entries) {
      const name = prefix + entry.name
      if (entry.isSymbolicLink()) links.push({ name, target: await readlink(join(directory, name)) })
      else if (entry.isDirectory()) waiting.push(`${name}/`)
      else files.push(name)
    }
  }
  return { links: links.toSorted((one, other) => (one.name < other.name ? -1 : 1)), files: files.toSorted() }
}

function nullWhenAbsent(error: NodeJS.ErrnoException): null {
  if (absent.includes(error.code ?? '')) return null
  throw error
}
