import { createHash } from 'node:crypto'
import { access } from 'node:fs/promises'
import { join } from 'node:path'

import { parseJson } from '../../../model/text/json-text.ts'
import { parseLockFile } from '../../../model/nix/lock-file.ts'
import type { SourceIdentity } from '../../../ports/nix.ts'
import { storeFiles } from '../../files/store-files.ts'
import { program } from '../command.ts'
import { deployRsOf } from '../deploy-rs-node.ts'
import { evaluationFlags } from '../evaluate.ts'
import { factsOf } from '../facts.ts'
import type { LockedSource } from './lock-source.ts'
import { sourceStorePath } from './source-store-path.ts'
import { decoded } from './local-reference.ts'

/** Raised when what is kept of an evaluation, or how it is read, changes. */
const cacheFormat = 1

/** Bytes of a lock file that is read: those of thousands of inputs have fewer. */
const largestLockFile = 4 * 1024 * 1024

interface Evaluator {
  readonly version: string
  readonly system: string
  readonly store: string
}

/** Asks which Nix evaluates, by a program whose answer is the same from 2.8 on; null: it does not say. */
export async function askEvaluator(signal: AbortSignal): Promise<Evaluator | null> {
  const expression = '{ version = builtins.nixVersion; system = builtins.currentSystem; store = builtins.storeDir; }'
  const ended = await program('nix-instantiate', ['--eval', '--strict', '--json', '-E', expression], signal)
  return ended.how === 'exited' && ended.code === 0 ? readEvaluator(ended.stdout) : null
}

/** Reads its answer; null: it is another one. */
export function readEvaluator(stdout: string): Evaluator | null {
  const value = parseJson(stdout)
  if (typeof value !== 'object' || value === null) return null
  const { version, system, store } = value as Readonly<Record<string, unknown>>
  const isWhole = [version, system, store].every((one) => typeof one === 'string')
  return isWhole ? (value as Evaluator) : null
}

/**
 * The key under which evaluations of a source are kept: whatever a pure evaluation may depend on. A dirty tree is as pure as
 * a clean one, since it is read from its copy in the store, whose path tells its content. A source whose lock file is not
 * complete has no key: its inputs are looked up anew each time.
 */
export async function identify(
  { source, revCount, isComplete }: LockedSource,
  evaluator: Evaluator | null,
): Promise<SourceIdentity> {
  const { flake, storePath, lastModified, rev } = source
  if (evaluator === null || storePath === null) return { key: null, fetched: false }
  // A pinned reference is its store path and folder; of a locked one only the folder is not told by store path and revision.
  const place = flake.startsWith('path:') ? flake : (/[?&]dir=([^&#]*)/.exec(flake)?.[1] ?? '')
  const { version, system, store } = evaluator
  const parts = [
    cacheFormat,
    storePath,
    place,
    lastModified,
    rev,
    revCount,
    version,
    system,
    store,
    evaluationFlags,
    factsOf,
    deployRsOf,
  ]
  const key = createHash('sha256').update(JSON.stringify(parts)).digest('hex')
  return { key: isComplete ? key : null, fetched: isComplete && (await hasInputs(storePath, place, store)) }
}

/** Whether the copy of the source and all inputs of its lock file are in the store. */
async function hasInputs(storePath: string, place: string, store: string): Promise<boolean> {
  const folder = place.startsWith('path:') ? folderOf(place, storePath) : decoded(place)
  const text = await storeFiles().text(join(storePath, folder, 'flake.lock'), largestLockFile)
  const inputs = text === null ? [] : (parseLockFile(text) ?? []).map(({ narHash }) => sourceStorePath(narHash, store))
  const found = await Promise.all([storePath, ...inputs].map((path) => isThere(path)))
  return found.every(Boolean)
}

function folderOf(pinned: string, storePath: string): string {
  const dir = /[?&]dir=([^&#]*)/.exec(pinned)?.[1]
  return dir === undefined ? pinned.slice(`path:${storePath}`.length) : decoded(dir)
}

async function isThere(path: string | null): Promise<boolean> {
  return (
    path !== null &&
    access(path).then(
      () => true,
      () => false,
    )
  )
}
