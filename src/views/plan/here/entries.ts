import type { Plan, RunsHere } from '../../../model/plan/plan-schema.ts'
import { differenceHere, runsHere } from '../../../model/fleet/runs-here.ts'
import { maskCredentials } from '../../../model/text/secret.ts'
import { cleanLine, cleanText } from '../../../model/text/text.ts'
import { counted } from '../../terminal/amounts.ts'

/** Something that applying the plan runs or asks on this machine, as it is drawn. All of it is cleaned. */
export interface HereEntry {
  readonly mark: 'new' | 'gone' | 'same'
  /** What it is, and when or for what: `hook before.run`, `check web`. */
  readonly label: string
  /** The program, script, file or address; a script keeps its lines. */
  readonly what: string
}

/** What the plan runs on this machine, and how that differs from what ran before. */
export interface Here {
  readonly entries: readonly HereEntry[]
  /** What it is compared with, in words; null: with nothing. */
  readonly comparedWith: string | null
  /** The kinds with their numbers: `2 hooks, 1 check`; empty: nothing runs. */
  readonly counts: string
}

/** Title of the section in every form. */
export const hereTitle = 'Runs on this machine'
/** What stands there where a plan runs nothing of its own. */
export const nothingHere = 'nothing but fleet’s own programs'

/** Reads it from the plan itself: what plans before it ran is taken from the plan, and only marks. */
export function hereOf({ body }: Pick<Plan, 'body'>): Here {
  const now = runsHere(body)
  const before = body.ranBefore ?? null
  const { added, gone } = before === null ? { added: [], gone: [] } : differenceHere(now, before.entries)
  const isNew = new Set(added)
  return {
    entries: [
      ...now.map((entry) => drawn(entry, isNew.has(entry) ? 'new' : 'same')),
      ...gone.map((entry) => drawn(entry, 'gone')),
    ],
    comparedWith: before === null ? null : cleanLine(before.of),
    counts: countsOf(now),
  }
}

function drawn({ kind, name, what }: RunsHere, mark: HereEntry['mark']): HereEntry {
  const label = cleanLine(`${kindWords[kind]} ${name}`)
  // Whole values of secret-looking names are not masked here: what follows them on the line runs as well.
  return { mark, label, what: cleanText(maskCredentials(what)).trim() }
}

const kindWords: Readonly<Record<RunsHere['kind'], string>> = {
  hook: 'hook',
  check: 'check',
  module: 'module',
  ssh: 'ssh option',
  lock: 'lock server',
}

function countsOf(entries: readonly RunsHere[]): string {
  return Object.entries(kindWords)
    .flatMap(([kind, words]) => {
      const count = entries.filter((entry) => entry.kind === kind).length
      return count === 0 ? [] : [counted(count, words)]
    })
    .join(', ')
}

/** How it stands to what ran before, after the counts; empty: there is nothing to compare with. */
export function differenceWords({ entries, comparedWith }: Here): string {
  if (comparedWith === null) return ''
  const count = (mark: HereEntry['mark']) => entries.filter((entry) => entry.mark === mark).length
  const parts = [
    ...(count('new') > 0 ? [`${count('new')} new`] : []),
    ...(count('gone') > 0 ? [`${count('gone')} gone`] : []),
  ]
  return parts.length === 0 ? `the same as in ${comparedWith}` : `${parts.join(', ')} since ${comparedWith}`
}
