import type { History } from '../../model/git/history.ts'
import { inputText } from '../../model/nix/input-text.ts'
import { lockChanges } from '../../model/nix/lock-changes.ts'
import type { Note, Source } from '../../model/plan/plan-schema.ts'
import type { Found, Observation } from '../../model/host/system.ts'
import type { Checkout } from '../../ports/checkout.ts'

/** Commits that a note lists. */
const listed = 10

/** The revision to tell a source's changes from: the base, or what every host runs that tells its revision; null: none. */
export function sinceRevision(
  source: Source,
  base: string | null,
  observations: ReadonlyMap<string, Found<Observation>>,
): string | null {
  const told = [...observations.values()].flatMap((found) =>
    found.ok && found.value.revision !== null ? [found.value.revision] : [],
  )
  const [only, ...others] = base === null ? new Set(told) : [base]
  return only === undefined || others.length > 0 || only === source.rev ? null : only
}

/** A revision, and the source whose changes since then are told. */
export interface SinceRequest {
  readonly since: string
  readonly source: Source
  /** Of fleet.yaml, absolute. */
  readonly directory: string
}

/** What changed in the flake since a revision: its inputs, from flake.lock, and the commits, where git has both. */
export async function changesSince(
  { since, source, directory }: SinceRequest,
  checkout: Checkout,
  signal: AbortSignal,
): Promise<readonly Note[]> {
  const to = source.rev
  const [before, after, history] = await Promise.all([
    checkout.lockFile(source, directory, since, signal),
    checkout.lockFile(source, directory, null, signal),
    to === null ? null : checkout.history(source, directory, { from: since, to }, signal),
  ])
  return [...inputNotes(before, after, since), ...commitNotes(history, since)]
}

function inputNotes(before: string | null, after: string | null, since: string): readonly Note[] {
  const changes = before === null || after === null ? null : lockChanges(before, after)
  return (changes ?? []).map(({ name, from, to, compare }) => ({
    code: 'source/input-changed',
    severity: 'info',
    summary: `input ${name}: ${inputText(from)} → ${inputText(to)}`,
    detail: `Since ${since.slice(0, 7)}.${compare === null ? '' : ` ${compare}`}`,
  }))
}

function commitNotes(history: History | null, since: string): readonly Note[] {
  if (history === null || history.ahead === 0) return []
  const subjects = history.commits.slice(0, listed).map(({ rev, subject }) => `${rev.slice(0, 7)} ${subject}`)
  const rest = history.ahead - subjects.length
  const commits = history.ahead === 1 ? '1 commit' : `${history.ahead} commits`
  return [
    {
      code: 'source/commits',
      severity: 'info',
      summary: `${commits} since ${since.slice(0, 7)}`,
      detail: `${subjects.join('; ')}${rest > 0 ? `; and ${rest} more` : ''}.`,
    },
  ]
}
