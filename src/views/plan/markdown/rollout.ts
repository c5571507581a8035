import { hasChanges } from '../../../model/plan/plan.ts'
import { prose } from '../../markup/markdown.ts'
import { counted } from '../../terminal/amounts.ts'
import { truncate } from '../../terminal/width.ts'
import { lettersOf } from '../letters.ts'
import { rolloutOf, type WaveRow } from '../waves.ts'
import type { Depth } from './depths.ts'
import { nameAtMost, type Page, summaryAtMost } from './page.ts'

const wavesAtMost = 10
/** Runs of letters in a row; the rest is counted. */
const runsAtMost = 12

/** In which order: a row for each wave with the changes that reach it, then the limits that all share. */
export function rolloutBlocks({ plan, groups }: Page, depth: Depth): readonly string[] {
  const { rows, limits } = rolloutOf(plan, groups)
  const [only, ...others] = rows
  if (depth.waves === 'none' || only === undefined || (others.length === 0 && !hasChanges(plan.body))) return []
  if (others.length === 0) {
    const wave = plan.body.waves.length > 1 ? `wave ${prose(truncate(only.name, nameAtMost))}, ` : ''
    return ['### Rollout', `${wave}${limits}`]
  }
  const shown = depth.waves === 'some' ? rows.slice(0, wavesAtMost) : rows
  const rest = rows.length - shown.length
  return [
    '### Rollout',
    // Letters of changes that are not on the page lead nowhere.
    waveTable(shown, depth.groups !== 'none' && groups.some(({ letter }) => letter !== '')),
    ...(rest === 0 ? [] : [`and ${counted(rest, 'more wave')}`]),
    ...(limits === '' ? [] : [`Every wave: ${limits}.`]),
  ]
}

function waveTable(rows: readonly WaveRow[], hasLetters: boolean): string {
  const hasLimits = rows.some(({ limits }) => limits !== '')
  const columns: readonly (readonly [title: string, align: string, cell: (row: WaveRow) => string])[] = [
    ['Wave', ':--', ({ number, name }) => `${number} ${prose(truncate(name, nameAtMost))}`],
    ['Hosts', '--:', ({ members }) => figure(members.length)],
    ['Change', '--:', ({ change }) => figure(change)],
    ['Reboot', '--:', ({ reboot }) => figure(reboot)],
    ['Blocked', '--:', ({ blocked }) => figure(blocked)],
    ...(hasLetters
      ? [['Changes', ':--', ({ changes }: WaveRow) => lettersOf(changes, runsAtMost) || '-'] as const]
      : []),
    ...(hasLimits ? [['Limits', ':--', ({ limits }: WaveRow) => truncate(limits, summaryAtMost)] as const] : []),
  ]
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [
    line(columns.map(([title]) => title)),
    `|${columns.map(([, align]) => align).join('|')}|`,
    ...rows.map((row) => line(columns.map(([, , cell]) => cell(row)))),
  ].join('\n')
}

function figure(count: number): string {
  return count === 0 ? '-' : String(count)
}
