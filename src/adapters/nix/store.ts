import { failed } from '../../model/failure.ts'
import { createHash } from 'node:crypto'
import { type Closure, type ClosurePath, parseRegistrations } from '../../model/nix/closure.ts'
import { parseDerivation } from '../../model/nix/derivation.ts'
import { type DerivationNode, nodeOf, ownText } from '../../model/nix/derivation-graph.ts'
import { parseStorePath } from '../../model/nix/store-path.ts'
import type { Found } from '../../model/host/system.ts'
import type { Store } from '../../ports/store.ts'
import { type StoreFiles, storeFiles } from '../files/store-files.ts'
import { readBuiltSystem } from './built-system.ts'
import { nixFailure, program } from './command.ts'
import { gather } from './gather.ts'

/** Paths that one process is told of: far below the system's limit for arguments. */
const batch = 2000
/** Files that are open at once while derivations are read. */
const filesAtOnce = 64
/** Bytes of a derivation that is read; those of whole systems have some hundred kilobytes. */
const largestDerivation = 16 * 1024 * 1024

/** The store of the operator's Nix; derivations are read as files and kept for the life of this object. */
export function localStore(files: StoreFiles = storeFiles()): Store {
  const nodes = new Map<string, Promise<Found<DerivationNode>>>()
  // Hosts share most of their paths: each record is held once.
  const records = new Map<string, ClosurePath>()
  const absent = new Set<string>()
  const node = (path: string) => {
    const known = nodes.get(path)
    if (known !== undefined) return known
    const read = readNode(path, files)
    nodes.set(path, read)
    return read
  }
  /** Reads the records that are not known yet into `records`. */
  const learn = async (paths: ReadonlySet<string>, signal: AbortSignal): Promise<Found<unknown>> => {
    const unknown = [...paths].filter((path) => !records.has(path))
    if (unknown.length === 0) return { ok: true, value: null }
    const dump = await dumpOf(unknown, signal)
    return dump.ok ? shared(parseRegistrations(dump.value), records) : dump
  }
  const asking = (words: readonly string[]) =>
    gather((paths: readonly string[], signal) => inBatches([...new Set(paths)], words, signal))
  const invalidOf = asking(['--check-validity', '--print-invalid'])
  const dumpOf = asking(['--dump-db'])
  const requisitesOf = asking(requisitesWords)
  const store: Store = {
    derivations: (root, signal) => walk(root, node, signal),
    async valid(paths, signal) {
      if (paths.length === 0) return { ok: true, value: new Set() }
      const missing = await invalidOf(paths, signal)
      if (!missing.ok) return missing
      const invalid = new Set(missing.value.split('\n'))
      return { ok: true, value: new Set(paths.filter((path) => !invalid.has(path))) }
    },
    async records(paths, signal) {
      const asked = paths.filter((path) => !records.has(path) && !absent.has(path))
      const here = await store.valid(asked, signal)
      if (!here.ok) return here
      for (const path of asked) if (!here.value.has(path)) absent.add(path)
      const found = await learn(here.value, signal)
      if (!found.ok) return found
      const known = paths.flatMap((path) => records.get(path) ?? [])
      return { ok: true, value: new Map(known.map((record) => [record.path, record])) }
    },
    async closure(path, signal) {
      const known = closureIn(records, path)
      if (known !== null) return { ok: true, value: known }
      const gathered = await requisitesOf([path], signal)
      // A path that is not here fails the question for all who asked with it: each asks again, for itself.
      const requisites = gathered.ok ? gathered : await inBatches([path], requisitesWords, signal)
      if (!requisites.ok) return requisites
      const found = await learn(new Set(requisites.value.split('\n').filter((line) => line !== '')), signal)
      if (!found.ok) return found
      const closure = closureIn(records, path)
      if (closure === null) throw new Error(`bug: Nix names more references of ${path} than requisites`)
      return { ok: true, value: closure }
    },
    contents: (toplevel) => readBuiltSystem(toplevel, files),
    file: (path) => files.size(path),
    text: (path, maxBytes, signal) => files.text(path, maxBytes, signal),
  }
  return store
}

/** One derivation for each level of the graph at a time would be slow: each level is read at once, in bounded steps. */
async function walk(
  root: string,
  node: (path: string) => Promise<Found<DerivationNode>>,
  signal: AbortSignal,
): ReturnType<Store['derivations']> {
  const seen = new Map<string, DerivationNode>()
  let level: readonly string[] = [root]
  while (level.length > 0) {
    const next = new Set<string>()
    for (let at = 0; at < level.length; at += filesAtOnce) {
      if (signal.aborted) return failed('nix/aborted', 'interrupted', 'Reading derivations was interrupted.')
      for (const found of await Promise.all(level.slice(at, at + filesAtOnce).map(node))) {
        if (!found.ok) return found
        seen.set(found.value.path, found.value)
        for (const input of found.value.inputs.keys()) next.add(input)
      }
    }
    level = [...next].filter((path) => !seen.has(path))
  }
  return { ok: true, value: { root, store: parseStorePath(root)?.directory ?? '/nix/store', nodes: seen } }
}

async function readNode(path: string, files: StoreFiles): Promise<Found<DerivationNode>> {
  const text = path.endsWith('.drv') ? await files.text(path, largestDerivation) : null
  if (text === null)
    return failed(
      'derivation/missing',
      'a derivation is missing',
      `${path} is not in this machine's store. Plan again.`,
    )
  const derivation = parseDerivation(path, text)
  if (!derivation.ok) return derivation
  const own = createHash('sha256').update(ownText(derivation.value)).digest('base64')
  return { ok: true, value: nodeOf(derivation.value, own) }
}

const requisitesWords = ['-q', '--requisites']

/** A closure walked in memory; null where a record of it is not known. What is valid keeps its references for ever. */
function closureIn(records: ReadonlyMap<string, ClosurePath>, root: string): Closure | null {
  const closure = new Map<string, ClosurePath>()
  const open = [root]
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    if (closure.has(path)) continue
    const record = records.get(path)
    if (record === undefined) return null
    closure.set(path, record)
    open.push(...record.references)
  }
  return closure
}

/** Runs `nix-store OPTIONS PATHS`, in several processes only where the paths are too many for one. */
async function inBatches(
  paths: readonly string[],
  options: readonly string[],
  signal: AbortSignal,
): Promise<Found<string>> {
  let printed = ''
  for (let at = 0; at < paths.length; at += batch) {
    const ended = await program('nix-store', [...options, ...paths.slice(at, at + batch)], signal)
    const failure = nixFailure(ended, 'store/no-answer', 'the local store did not answer')
    if (failure !== null) return { ok: false, failure }
    printed += ended.stdout.endsWith('\n') || ended.stdout === '' ? ended.stdout : `${ended.stdout}\n`
  }
  return { ok: true, value: printed }
}

/** The same closure, made of the records that are known already. */
function shared(found: Found<Closure>, records: Map<string, ClosurePath>): Found<Closure> {
  if (!found.ok) return found
  const same = [...found.value].map(([path, record]) => {
    const known = records.get(path) ?? record
    records.set(path, known)
    return [path, known] as const
  })
  return { ok: true, value: new Map(same) }
}
