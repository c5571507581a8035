/** A git working tree, as `git status --porcelain=v2 --branch -z` tells it; names are below the tree's root. */
export interface WorkingTree {
  /** Null: no commit yet. */
  readonly head: string | null
  /** Null: no branch is checked out. */
  readonly branch: string | null
  /** The remote branch that it follows, `origin/main`; null: none. */
  readonly upstream: string | null
  /** Commits that the upstream lacks, and that it has more, as last fetched; null: not known. */
  readonly ahead: number | null
  readonly behind: number | null
  /** Tracked files that differ from the commit. */
  readonly changed: readonly string[]
  readonly unmerged: readonly string[]
  readonly untracked: readonly string[]
}

/** Reads the answer of `git status`; what it does not know is left out. Format: git Documentation/git-status.txt. */
export function parseWorkingTree(answer: string): WorkingTree {
  const records = answer.split('\0')
  const heads = new Map<string, string>()
  const changed: string[] = []
  const unmerged: string[] = []
  const untracked: string[] = []
  for (let index = 0; index < records.length; index += 1) {
    const record = records[index] ?? ''
    const [, header, value = ''] = /^# (\S+) (.*)$/s.exec(record) ?? []
    if (header !== undefined) heads.set(header, value)
    else if (record.startsWith('? ')) untracked.push(record.slice(2))
    else if (record.startsWith('u ')) unmerged.push(fieldsAfter(record, 10))
    else if (record.startsWith('1 ')) changed.push(fieldsAfter(record, 8))
    else if (record.startsWith('2 ')) {
      changed.push(fieldsAfter(record, 9))
      // A rename is followed by its old name.
      index += 1
    }
  }
  const [, ahead, behind] = /^\+(\d+) -(\d+)$/.exec(heads.get('branch.ab') ?? '') ?? []
  const [oid, branch] = [heads.get('branch.oid'), heads.get('branch.head')]
  return {
    head: oid === undefined || oid === '(initial)' ? null : oid,
    branch: branch === undefined || branch === '(detached)' ? null : branch,
    upstream: heads.get('branch.upstream') ?? null,
    ahead: ahead === undefined ? null : Number(ahead),
    behind: behind === undefined ? null : Number(behind),
    changed,
    unmerged,
    untracked,
  }
}

/** What follows so many fields: a name, which may hold blanks. */
function fieldsAfter(record: string, count: number): string {
  return record.split(' ').slice(count).join(' ')
}
