import { mkdir, utimes } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import * as zlib from 'node:zlib'
import writeFileAtomic from 'write-file-atomic'
import { type Closure, parseRegistrations } from '../../model/nix/closure.ts'
import { parseStorePath } from '../../model/nix/store-path.ts'
import type { ClosureCache, Teller } from '../../ports/cache.ts'
import type { Clock } from '../../ports/clock.ts'
import { readOwnFile } from '../files/own-file.ts'
import { sweep } from './sweep.ts'

const [gzip, gunzip] = [promisify(zlib.gzip), promisify(zlib.gunzip)]

/** Bytes of a file that is read; unpacked it may have four times as many. */
const largestPacked = 64 * 1024 * 1024
/** Closures that no plan has used for so long, in milliseconds, are let go; and of the others all but so many. */
const keptMs = 90 * 24 * 60 * 60_000
const mostClosures = 5_000

/**
 * Closures under `.fleet/cache/closures/`, in `this-machine/` or `hosts/HOST/` by who told them: one compressed file a toplevel, in
 * the format of `nix-store --dump-db`.
 */
export function fileClosureCache(stateDirectory: string, clock: Clock): ClosureCache {
  const directory = resolve(stateDirectory, 'cache', 'closures')
  let swept: Promise<void> | null = null
  return {
    async get(toplevel, host) {
      const folders = [folderOf(directory, 'this-machine'), folderOf(directory, { host })]
      for (const folder of folders) {
        const found = await read(folder, toplevel, clock)
        if (found !== null) return found
      }
      return null
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
        await writeFileAtomic(fileOf(folder, toplevel), await gzip(`${lines.join('\n')}\n`), { mode: 0o600 })
        // Once a command: what nobody has used for long is let go.
        await (swept ??= sweep(directory, clock.now() - keptMs, mostClosures))
        return null
      } catch (error) {
        if (!(error instanceof Error && 'syscall' in error)) throw error
        return {
          code: 'cache/not-written',
          summary: 'what was learnt of the hosts could not be kept',
          detail: `${error.message}. The next plan reads the hosts again. --state-dir names another directory.`,
        }
      }
    },
  }
}

async function read(folder: string, toplevel: string, clock: Clock): Promise<Closure | null> {
  const file = fileOf(folder, toplevel)
  const packed = ownBytes(file)
  if (packed === null) return null
  const found = parseRegistrations(await unpacked(packed))
  // A damaged file is as good as none: the closure is asked for again and the file replaced.
  if (!found.ok || !found.value.has(toplevel)) return null
  await use(file, clock.now())
  return found.value
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

/** Says that an entry was used; one that may not be written is kept as long as it was going to be. */
async function use(file: string, now: number): Promise<void> {
  const at = now / 1000
  await utimes(file, at, at).catch((error: unknown) => {
    if (!(error instanceof Error && 'syscall' in error)) throw error
  })
}

async function unpacked(packed: Buffer): Promise<string> {
  try {
    return (await gunzip(packed, { maxOutputLength: 256 * 1024 * 1024 })).toString('utf8')
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
