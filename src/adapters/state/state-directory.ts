import { lstatSync, mkdirSync, type Stats, writeFileSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { type Diagnostic, diagnostic } from '../../model/diagnostic.ts'
import { git } from '../nix/source/git.ts'

/**
 * Makes the directory in which fleet keeps runs and caches, and tells git to ignore all of it, so that a plan never makes
 * the tree it was made from look different. Where it cannot be written, those who need it say so themselves.
 */
export function makeStateDirectory(directory: string): void {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 })
    // `wx` follows no link, so nothing is made elsewhere.
    writeFileSync(join(directory, '.gitignore'), '*\n', { flag: 'wx' })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (!['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST'].includes(code ?? '')) throw error
  }
}

/**
 * Why what lies in the state directory is not believed; null: it is fleet's own, or there is none yet. Whoever can put files
 * into a checkout could otherwise write the past: a plan that `fleet rollback` runs, a log that a comment prints.
 */
export async function stateProblem(directory: string, signal: AbortSignal): Promise<Diagnostic | null> {
  const state = resolve(directory)
  for (const place of [state, join(state, 'runs'), join(state, 'cache')]) {
    const about = aboutOf(place)
    const why = about === null ? null : reasonAgainst(about)
    if (why !== null) return notOwn(place, why)
  }
  if (aboutOf(state) === null) return null
  const tracked = await git(dirname(state), ['ls-files', '-z', '--', `:(literal)${basename(state)}`], signal)
  return (tracked ?? '') === '' ? null : notOwn(state, 'Git tracks files in it')
}

function reasonAgainst(about: Stats): string | null {
  if (about.isSymbolicLink()) return 'it is a link'
  if (!about.isDirectory()) return null
  if (about.uid !== process.geteuid?.())
    return `it belongs to user ${about.uid}, and fleet runs as ${process.geteuid?.()}`
  return (about.mode & 0o002) === 0 ? null : 'every user of this machine may write to it'
}

function aboutOf(place: string): Stats | null {
  try {
    return lstatSync(place)
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'EACCES'].includes((error as NodeJS.ErrnoException).code ?? '')) return null
    throw error
  }
}

function notOwn(place: string, why: string): Diagnostic {
  const detail = `${place}: ${why}. Remove it, or name another directory with --state-dir.`
  return diagnostic('state/not-own', 'the state directory could hold what others wrote', detail)
}
