import type { Role } from './paint.ts'

/** Something a reviewer must see before anything else. */
export interface Danger {
  readonly hosts: readonly string[]
  readonly role: Role
  /** What kind of danger it is, in a word or two, for many hosts at once; empty: `why` says it. */
  readonly kind: string
  /** What is so, after the kind; empty: the kind says it. Never both. */
  readonly why: string
  /** Full sentences, a line break between paragraphs; empty: none. */
  readonly detail: string
  /** What the operator wrote down about the host; empty: nothing. */
  readonly note: string
  /** The detail tells how a host is reached, and is not for everybody. */
  readonly isPrivate: boolean
  /** Everything that Nix said, which the detail shortens; of several hosts each once. */
  readonly traces: readonly string[]
}

/** The danger in one line. */
export function summaryOf({ kind, why }: Pick<Danger, 'kind' | 'why'>): string {
  return [kind, why].filter((part) => part !== '').join(': ')
}

/** Equal dangers of several hosts become one, at the place of the first; the worst come first. */
export function mergeDangers(dangers: readonly Danger[]): readonly Danger[] {
  const merged = new Map<string, Danger[]>()
  for (const danger of dangers) {
    const key = JSON.stringify([danger.role, danger.kind, danger.why, danger.detail, danger.note])
    const alike = merged.get(key)
    if (alike === undefined) merged.set(key, [danger])
    else alike.push(danger)
  }
  const all = [...merged.values()].flatMap(([first, ...rest]): readonly Danger[] => {
    if (first === undefined) return []
    const together = [first, ...rest]
    const traces = [...new Set(together.flatMap((danger) => danger.traces))]
    return [{ ...first, hosts: together.flatMap(({ hosts }) => hosts), traces }]
  })
  return [...all.filter(({ role }) => role === 'bad'), ...all.filter(({ role }) => role !== 'bad')]
}

/** The same with those of one kind and cause as one, without what each says at length, where there are more of them than so many. */
export function foldDangers(dangers: readonly Danger[], atMost: number): readonly Danger[] {
  const keyOf = ({ kind, why }: Danger) => JSON.stringify([kind, why])
  const counts = new Map<string, number>()
  for (const danger of dangers) counts.set(keyOf(danger), (counts.get(keyOf(danger)) ?? 0) + 1)
  return mergeDangers(
    dangers.map((danger) => ((counts.get(keyOf(danger)) ?? 0) > atMost ? { ...danger, detail: '', note: '' } : danger)),
  )
}
