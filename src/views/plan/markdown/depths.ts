/** How much is shown; each further one shows less, by whole sections. */
export interface Depth {
  /** Lines of a text difference. */
  readonly patchLines: number
  /** Every package and unit, the notable ones, or no blocks of changes at all. */
  readonly groups: 'all' | 'notable' | 'none'
  /** Blocks of changes; those of most hosts are kept. */
  readonly groupsAtMost: number
  readonly dangers: 'all' | 'some' | 'counted' | 'none'
  readonly waves: 'all' | 'some' | 'none'
  /** What a reader must be told is missing. */
  readonly missing: string
}

const bare = { patchLines: 0, groups: 'none', groupsAtMost: 0 } as const

/** From everything to the summary alone. */
export const depths: readonly Depth[] = [
  { patchLines: Infinity, groups: 'all', groupsAtMost: Infinity, dangers: 'all', waves: 'all', missing: '' },
  ...[60, 12].map((patchLines): Depth => {
    const missing = `differences of texts end after ${patchLines} lines`
    return { patchLines, groups: 'all', groupsAtMost: Infinity, dangers: 'all', waves: 'all', missing }
  }),
  ...[Infinity, 20, 5].map((groupsAtMost): Depth => {
    const some = groupsAtMost === Infinity ? '' : `, and at most ${groupsAtMost} changes, those of most hosts`
    const missing = `only notable packages and the units are named, no differences of texts${some}`
    return { patchLines: 0, groups: 'notable', groupsAtMost, dangers: 'all', waves: 'all', missing }
  }),
  { ...bare, dangers: 'some', waves: 'all', missing: 'the changes themselves and the notes' },
  { ...bare, dangers: 'some', waves: 'some', missing: 'the changes, the notes and waves after the tenth' },
  {
    ...bare,
    dangers: 'counted',
    waves: 'some',
    missing: 'the dangers, the changes, the notes and waves after the tenth',
  },
  { ...bare, dangers: 'none', waves: 'none', missing: 'the rest' },
]
