import { mkdir, readdir, rm, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import { failed } from '../../model/failure.ts'
import type { Found } from '../../model/host/system.ts'
import { parseJson } from '../../model/text/json-text.ts'
import { cleanText } from '../../model/text/text.ts'
import type { FlakeLock } from '../../ports/flake-lock.ts'
import { readNamedFile } from '../files/named-file.ts'
import { type Ended, run } from '../process.ts'
import { nix, nixFailure } from './command.ts'
import { localReference } from './source/local-reference.ts'
import { absoluteReference, isIncomplete } from './source/lock-source.ts'

/** Bytes of a lock file: those of thousands of inputs have fewer. */
const largest = 4 * 1024 * 1024
/** Milliseconds that git may take to commit: hooks of the repository run in it. */
const commitTime = 120_000
const prefix = 'flake.lock.'

/** The lock file of a flake reference, relative to `directory`; copies are kept in `keptIn`. Fails for a flake that is elsewhere. */
export async function flakeLock(flake: string, directory: string, keptIn: string): Promise<Found<FlakeLock>> {
  const local = localReference(flake)
  if (local === null || /[?&](ref|rev)=/.test(local.query))
    return failed(
      'update/not-local',
      'the flake is not a tree on this machine',
      `\`flake: ${flake}\` names no working tree, so there is no flake.lock to write. Update it in a clone, or name the clone as the flake.`,
    )
  const folder = join(resolve(directory, local.path), local.dir)
  const isThere = await stat(join(folder, 'flake.nix')).then(
    () => true,
    () => false,
  )
  if (!isThere) return failed('update/no-flake', 'there is no flake.nix', `${folder} holds no flake.nix.`)
  const file = join(folder, 'flake.lock')
  const reference = await absoluteReference(flake, directory)
  return {
    ok: true,
    value: {
      file,
      read: () => readLock(file),
      write: (text) => (text === null ? rm(file, { force: true }) : writeFileAtomic(file, text)),
      keep: (text) => keep(text, keptIn),
      letGo: (copy) => rm(copy, { force: true }),
      leftOver: async () => (await namesIn(keptIn)).map((name) => join(keptIn, name)),
      inputs: (signal) => inputsOf(reference, folder, signal),
      update: (inputs, signal) => update(reference, inputs, folder, signal),
      commit: (message, signal) => commit(folder, message, signal),
    },
  }
}

async function readLock(file: string): Promise<string | null> {
  try {
    return await readNamedFile(file, largest)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

async function keep(text: string, folder: string): Promise<string> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const copy = join(folder, prefix + crypto.randomUUID())
  await writeFileAtomic(copy, text, { mode: 0o600 })
  return copy
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).filter((name) => name.startsWith(prefix)).toSorted()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

/** What the flake asks for: Nix completes the lock file to tell it, and writes nothing. */
async function inputsOf(reference: string, cwd: string, signal: AbortSignal): Promise<Found<readonly string[]>> {
  const ended = await nix(['flake', 'metadata', '--json', '--no-write-lock-file', '--', reference], signal, { cwd })
  const failure = nixFailure(ended, 'source/not-locked', 'the flake could not be read')
  if (failure !== null) return { ok: false, failure }
  const locks = entriesOf(parseJson(ended.stdout))['locks']
  const nodes = entriesOf(entriesOf(locks)['nodes'])
  const root = entriesOf(locks)['root']
  return { ok: true, value: Object.keys(entriesOf(entriesOf(nodes[typeof root === 'string' ? root : ''])['inputs'])) }
}

function entriesOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {}
}

/**
 * `nix flake update` takes the names of inputs and `--flake` since Nix 2.19; before, it takes the flake, and `nix flake lock` updates single
 * inputs (NixOS/nix src/nix/flake.cc). What refuses the new words has done nothing.
 */
async function update(
  reference: string,
  inputs: readonly string[],
  cwd: string,
  signal: AbortSignal,
): Promise<Found<null>> {
  const newer = await nix(['flake', 'update', '--flake', reference, ...inputs], signal, { cwd })
  const isOlder = newer.how === 'exited' && newer.code !== 0 && /unrecogni[sz]ed flag '--flake'/.test(newer.stderr)
  const older =
    inputs.length === 0
      ? ['flake', 'update', reference]
      : ['flake', 'lock', reference, ...inputs.flatMap((input) => ['--update-input', input])]
  const ended = isOlder ? await nix(older, signal, { cwd }) : newer
  const failure = nixFailure(ended, 'update/failed', 'the inputs could not be updated')
  if (failure !== null) return { ok: false, failure }
  if (isIncomplete(ended.stderr))
    return failed('update/failed', 'the inputs could not be updated', 'Nix did not write flake.lock.')
  return { ok: true, value: null }
}

/** `--only` commits the file as it is, and leaves what else is staged as it is. */
async function commit(folder: string, message: string, signal: AbortSignal): Promise<Found<string>> {
  const git = (...args: readonly string[]) =>
    run(
      {
        program: 'git',
        args: ['--no-pager', '-C', folder, ...args],
        env: { LC_ALL: 'C', GIT_TERMINAL_PROMPT: '0', GIT_DIR: undefined, GIT_WORK_TREE: undefined },
        timeoutMs: commitTime,
      },
      signal,
    )
  // A file that git does not know yet is told of, not staged.
  for (const args of [
    ['add', '--intent-to-add', '--', 'flake.lock'],
    ['commit', '--quiet', '--message', message, '--only', '--', 'flake.lock'],
  ]) {
    const ended = await git(...args)
    if (ended.how !== 'exited' || ended.code !== 0) return notCommitted(ended)
  }
  const ended = await git('rev-parse', '--short', 'HEAD')
  return ended.how === 'exited' && ended.code === 0 ? { ok: true, value: ended.stdout.trim() } : notCommitted(ended)
}

function notCommitted(ended: Ended): Found<never> {
  const said = cleanText(ended.stderr || ended.stdout).trim()
  const why = said === '' ? (ended.how === 'not-started' ? ended.reason : `git ended as ${ended.how}.`) : said
  return failed('update/not-committed', 'flake.lock could not be committed', `git says:\n${why}`)
}
