import type { Code } from '../codes/codes.ts'
import { parseLockFile } from '../nix/lock-file.ts'
import { fileIn } from '../fleet/file-reference.ts'
import type { Note, Source } from '../plan/plan-schema.ts'
import { cleanLine } from '../text/text.ts'
import type { WorkingTree } from './working-tree.ts'

const fromFile: Note = {
  code: 'source/file',
  severity: 'info',
  summary: 'evaluated from a Nix file',
  detail: 'What it evaluates to may depend on this machine. The plan holds what came of it here.',
}

/** Names that one note lists. */
const listed = 5

/** What is known of a source besides itself. Null and false: not known. */
export interface SourceFacts {
  /** The tree that the source was locked from, when that is on this machine. */
  readonly tree: WorkingTree | null
  /** The flake's folder below the tree's root, with a slash behind it; empty at the root. */
  readonly folder: string
  /** The clone lacks the older part of its history. */
  readonly isShallow: boolean
  /** git is told to ignore flake.lock and does not track it. */
  readonly isLockIgnored: boolean
  /** Nix had to complete the lock file to read the flake. */
  readonly isLockIncomplete: boolean
  /** `path:` of a directory that git keeps. */
  readonly copiesGit: boolean
  /** Text of flake.lock; empty where there is none. */
  readonly lock: string
}

/** What a reviewer should know of a source, in a fixed order; all codes begin `source/`. */
export function notesOfSource(source: Source, facts: SourceFacts): readonly Note[] {
  const { tree } = facts
  // A reference to another commit than the one checked out has nothing to do with what lies about in the tree.
  const isHere = tree !== null && (source.rev === null || source.rev === tree.head)
  return [
    ...(isHere && !facts.copiesGit ? treeNotes(source, tree, facts.folder) : []),
    ...(isHere ? branchNotes(tree) : []),
    ...lockNotes(facts),
    ...(fileIn(source.original) === null ? [] : [fromFile]),
    ...(facts.isShallow ? [shallow] : []),
    ...(facts.copiesGit ? [copiesGit] : []),
  ]
}

function treeNotes(source: Source, tree: WorkingTree, folder: string): readonly Note[] {
  const notes: Note[] = []
  if (tree.unmerged.length > 0)
    notes.push(
      warning(
        'source/unmerged',
        'a merge is not finished',
        `Both sides changed ${names(tree.unmerged)}. Finish the merge and plan again.`,
      ),
    )
  // Without a name, git and Nix do not agree on what a change is (a submodule, a mode).
  const what =
    tree.changed.length === 0 ? '' : `${counted(tree.changed.length, 'file')} not committed: ${names(tree.changed)}. `
  if (source.dirty)
    notes.push(
      warning(
        'source/dirty',
        'made from a dirty tree',
        `${what}The plan is pinned to a copy of the tree in the Nix store.`,
      ),
    )
  const invisible = tree.untracked.filter((name) => name.endsWith('.nix'))
  if (invisible.length > 0)
    notes.push(
      warning(
        'source/untracked',
        'untracked .nix files are invisible to the flake',
        `${names(invisible)} (git add ${invisible.length === 1 ? 'it' : 'them'}). Nix sees only files that git knows.`,
      ),
    )
  if (tree.untracked.includes(`${folder}flake.lock`))
    notes.push(
      warning(
        'source/lock-untracked',
        'flake.lock is not in git',
        'Nix sees only files that git knows, so every plan looks its inputs up anew. git add flake.lock.',
      ),
    )
  return notes
}

/** As last fetched: nobody is asked. */
function branchNotes({ branch, upstream, ahead, behind }: WorkingTree): readonly Note[] {
  if (branch === null) return []
  if (upstream === null)
    return [
      info(
        'source/unpushed',
        'the branch has no upstream',
        `${cleanLine(branch)} tracks no remote branch, so others may not have its commits.`,
      ),
    ]
  const notes: Note[] = []
  const other = cleanLine(upstream)
  if (ahead !== null && ahead > 0)
    notes.push(info('source/ahead', 'commits that are not pushed', `${counted(ahead, 'commit')} ahead of ${other}.`))
  if (behind !== null && behind > 0)
    notes.push(
      warning(
        'source/behind',
        'the upstream has more commits',
        `${counted(behind, 'commit')} behind ${other}: what others have pushed is not in this plan, and may be undone by it.`,
      ),
    )
  return notes
}

function lockNotes({ isLockIgnored, isLockIncomplete, lock }: SourceFacts): readonly Note[] {
  const notes: Note[] = []
  if (isLockIgnored)
    notes.push(
      warning(
        'source/lock-ignored',
        'git ignores flake.lock',
        'Nix does not see it, so every plan looks its inputs up anew and no two need be alike. Remove it from .gitignore and git add flake.lock.',
      ),
    )
  if (isLockIncomplete)
    notes.push(
      warning(
        'source/lock-out-of-date',
        'flake.lock does not fit flake.nix',
        'Nix looks up what is missing anew each time, so what was planned cannot be evaluated again for certain, and nothing is cached. nix flake lock completes it; commit what it writes.',
      ),
    )
  const paths = (parseLockFile(lock) ?? []).filter(({ path }) => path?.startsWith('/') === true)
  if (paths.length > 0)
    notes.push(
      warning(
        'source/path-input',
        'an input is a directory of this machine',
        `${names(paths.map(({ name, path }) => `${name} (${path})`))}. Other machines cannot evaluate this, and Nix copies all of it, .git included. git+file:, a forge or a tarball is what others can fetch.`,
      ),
    )
  return notes
}

const shallow = info(
  'source/shallow',
  'a shallow clone',
  'Its history is cut off: fleet may not see the commits between what runs and what is planned, and self.revCount is wrong or missing. Run git fetch --unshallow.',
)

const copiesGit = warning(
  'source/path-reference',
  'path: copies the whole directory',
  'Nix copies all of it each time, .git and ignored files included, and no revision is known. Without `path:` it reads what git knows.',
)

function names(all: readonly string[]): string {
  const shown = all.slice(0, listed).map(cleanLine).join(', ')
  return all.length > listed ? `${shown} and ${all.length - listed} more` : shown
}

function counted(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}

function warning(code: Code, summary: string, detail: string): Note {
  return { code, severity: 'warning', summary, detail }
}

function info(code: Code, summary: string, detail: string): Note {
  return { code, severity: 'info', summary, detail }
}
