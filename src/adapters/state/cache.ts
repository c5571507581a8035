import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import writeFileAtomic from 'write-file-atomic'
import { type Closure, parseRegistrations } from '../../model/nix/closure.ts'
import { parseStorePath } from '../../model/nix/store-path.ts'
import type { ClosureCache, Teller } from '../../ports/cache.ts'
import { readOwnFile } from '../files/own-file.ts'

/** Bytes of a file that is read; unpacked it may have four times as many. */
const largestPacked = 64 * 1024 * 1024

/**
 * Closures under `.fleet/cache/closures/`, in `this-machine/` or `hosts/HOST/` by who told them: one compressed file a toplevel, in
 * the format of `nix-store --dump-db`.
 */
export function fileClosureCache(stateDirectory: string): ClosureCache {
  const directory = resolve(stateDirectory, 'cache', 'closures')
  return {
    async get(toplevel, host) {
      return read(folderOf(directory, 'this-machine'), toplevel) ?? read(folderOf(directory, { host }), toplevel)
    },
    async put(toplevel, closure, teller) {
      const lines = [...closure.values()].flatMap(({ path, narSize, references, deriver }) => [
        path,
        '',
        String(narSize),
        deriver ?? '',
        String(references.length),
        ...references,
      ])
      try {
        const folder = folderOf(directory, teller)
        await mkdir(folder, { recursive: true, mode: 0o700 })
        await writeFileAtomic(fileOf(folder, toplevel), gzipSync(`${lines.join('\n')}\n`), { mode: 0o600 })
        return null
      } catch (error) {
        if (!(error instanceof Error && 'syscall' in error)) throw error
        return {
          code: 'cache/not-written',
          summary: 'what was learnt of the hosts could not be kept',
          detail: `${error.message}. The next plan asks the hosts again. --state-dir names another directory.`,
        }
      }
    },
  }
}

function read(folder: string, toplevel: string): Closure | null {
  const packed = ownBytes(fileOf(folder, toplevel))
  if (packed === null) return null
  const found = parseRegistrations(unpacked(packed))
  // A damaged file is as good as none: the closure is asked for again and the file replaced.
  return found.ok && found.value.has(toplevel) ? found.value : null
}

/** A host's name is a folder's name by the rule for names of hosts in fleet.yaml; a plan may hold another. */
function folderOf(directory: string, teller: Teller): string {
  if (teller === 'this-machine') return join(directory, 'this-machine')
  return join(
    directory,
    'hosts',
    encodeURIComponent(teller.host).replace(/^\.+$/, (dots) => '%2E'.repeat(dots.length)),
  )
}

function ownBytes(file: string): Buffer | null {
  try {
    return readOwnFile(file, largestPacked)
  } catch (error) {
    // One that may not be read is not known.
    if ((error as NodeJS.ErrnoException).code === 'EACCES') return null
    throw error
  }
}

function unpacked(packed: Buffer): string {
  try {
    return gunzipSync(packed, { maxOutputLength: 256 * 1024 * 1024 }).toString('utf8')
  } catch (error) {
    if (['Z_DATA_ERROR', 'Z_BUF_ERROR', 'ERR_BUFFER_TOO_LARGE'].includes((error as NodeJS.ErrnoException).code ?? ''))
      return ''
    throw error
  }
}

function fileOf(directory: string, toplevel: string): string {
  const { hash, name } = parseStorePath(toplevel) ?? {}
  if (hash === undefined || name === undefined) throw new Error(`bug: ${toplevel} is no store path`)
  return join(directory, `${hash}-${name}.gz`)
}
