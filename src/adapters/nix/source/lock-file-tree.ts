import { access, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { failed } from '../../../model/failure.ts'
import { fileIn, fileReference, hiveReference } from '../../../model/fleet/file-reference.ts'
import type { Found } from '../../../model/host/system.ts'
import type { Source } from '../../../model/plan/plan-schema.ts'
import { parseJson } from '../../../model/text/json-text.ts'
import { nix, nixFailure, program } from '../command.ts'
import { literal } from '../literal.ts'
import { git } from './git.ts'
import { fetchExpression, hiveQuestion, impureEnvironment } from '../file-expression.ts'

/** Names that a folder may give its hosts under, the first that is there. */
const usual = ['default.nix', 'hive.nix']

/** A file, and the tree around it that is copied to the store with it. */
interface Tree {
  /** What `builtins.fetchTree` takes, as a set of Nix. */
  readonly input: string
  /** The file's place in it. */
  readonly file: string
  readonly isGit: boolean
}

/**
 * Copies the tree of a Nix file to the store, so that everything after reads the same bytes: the files that Git tracks, or the
 * file's folder where there is no Git. A relative path starts at `directory`.
 */
export async function lockFileTree(reference: string, directory: string, signal: AbortSignal): Promise<Found<Source>> {
  const path = fileIn(reference)?.path ?? reference
  const tree = await treeOf(path, directory, signal)
  if (!tree.ok) return tree
  const { input, isGit } = tree.value
  const ended = await impurely(fetchExpression(input), signal)
  const failure = nixFailure(ended, 'source/file-not-read', 'the file could not be read')
  if (failure !== null) return { ok: false, failure }
  const { path: storePath, narHash, rev, lastModified } = recordOf(parseJson(ended.stdout))
  if (typeof storePath !== 'string') return unread('builtins.fetchTree gave no store path.')
  const file = join(storePath, tree.value.file)
  if ((await access(file).catch(() => 'missing')) === 'missing')
    return unread(`${path} is there, and Git does not track it: Nix reads only what Git tracks. Run git add.`)
  const hive = await isHive(file, signal)
  if (!hive.ok) return hive
  // A tree with changes has no revision, or one of zeros.
  const isRevision = typeof rev === 'string' && !/^0+$/.test(rev)
  return {
    ok: true,
    value: {
      original: reference,
      flake: hive.value ? hiveReference(file) : fileReference(file),
      rev: isRevision ? rev : null,
      narHash: typeof narHash === 'string' ? narHash : null,
      dirty: isGit && !isRevision,
      lastModified:
        isGit && typeof lastModified === 'number'
          ? new Date(lastModified * 1000).toISOString().replace('.000Z', 'Z')
          : null,
      storePath,
    },
  }
}

function unread(detail: string): Found<never> {
  return failed('source/file-not-read', 'the file could not be read', detail)
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {}
}

function impurely(expression: string, signal: AbortSignal) {
  const args = ['eval', '--json', '--impure', '--no-eval-cache', '--expr', expression]
  return nix(args, signal, { env: impureEnvironment() })
}

async function treeOf(path: string, directory: string, signal: AbortSignal): Promise<Found<Tree>> {
  const [, top = '', rev = '', inTree] = /^git\+file:\/\/([^?#]+)\?rev=([0-9a-f]+)#(.*)$/.exec(path) ?? []
  if (inTree !== undefined) return { ok: true, value: { input: gitInput(top, { rev }), file: inTree, isGit: true } }
  const full = resolve(directory, path)
  const found = await stat(full).catch(() => null)
  if (found === null) return unread(`${full} does not exist.`)
  const name = found.isDirectory() ? await usualIn(full) : basename(full)
  if (name === null) return unread(`${full} has neither ${usual.join(' nor ')}.`)
  const folder = found.isDirectory() ? full : dirname(full)
  const about = await git(folder, ['rev-parse', '--show-toplevel', '--show-prefix', '--is-shallow-repository'], signal)
  const [root, prefix = '', isShallow] = about?.split('\n') ?? []
  if (root === undefined) {
    const input = `{ type = "path"; path = ${literal(folder)}; }`
    return { ok: true, value: { input, file: name, isGit: false } }
  }
  return {
    ok: true,
    value: { input: gitInput(root, { shallow: isShallow === 'true' }), file: `${prefix}${name}`, isGit: true },
  }
}

function gitInput(
  top: string,
  { rev, shallow = false }: { readonly rev?: string; readonly shallow?: boolean },
): string {
  const more = `${rev === undefined ? '' : `rev = ${literal(rev)}; `}${shallow ? 'shallow = true; ' : ''}`
  return `{ type = "git"; url = ${literal(`file://${top}`)}; ${more}}`
}

async function usualIn(folder: string): Promise<string | null> {
  for (const name of usual) if ((await stat(join(folder, name)).catch(() => null)) !== null) return name
  return null
}

/** Whether only Colmena can evaluate the file, and is there to do so. */
async function isHive(file: string, signal: AbortSignal): Promise<Found<boolean>> {
  const ended = await impurely(hiveQuestion(file), signal)
  // What does not evaluate is told host by host.
  if (ended.how !== 'exited' || ended.code !== 0 || ended.stdout.trim() !== 'true') return { ok: true, value: false }
  const colmena = await program('colmena', ['--version'], signal)
  if (colmena.how === 'exited' && colmena.code === 0) return { ok: true, value: true }
  return failed(
    'source/hive-not-made',
    'the hive is a set of modules',
    'Only Colmena evaluates it, and there is no `colmena` on PATH. Put it there; or, where the hive is in a flake, add one line to its outputs and name that flake: colmenaHive = colmena.lib.makeHive (import ./hive.nix); with `attribute: colmenaHive.nodes`.',
  )
}
