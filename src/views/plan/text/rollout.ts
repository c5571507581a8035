import { hasChanges } from '../../../model/plan/plan.ts'
import { table } from '../../terminal/table.ts'
import { displayWidth, hang, truncate } from '../../terminal/width.ts'
import { lettersOf } from '../letters.ts'
import { rolloutOf, type WaveRow } from '../waves.ts'
import type { Page } from './page.ts'

/** Runs of letters in a row; the rest is counted. */
const runsAtMost = 4
/** On a narrower screen columns stand closer, and what has no figures has lines of its own. */
const narrowBelow = 70
const nameAtMost = 28
const leastName = 8
/** The room that limits need behind the other columns, or they go below them. */
const leastLimits = 20

/** In which order: a row for each wave with the changes that reach it, and the limits that all share; of one wave the limits alone. */
export function rolloutLines(page: Page): readonly string[] {
  const { plan, groups, width, paint, verbose } = page
  const { rows, limits } = rolloutOf(plan, groups)
  const [only, ...others] = rows
  if (only === undefined || (others.length === 0 && !hasChanges(plan.body))) return []
  if (others.length === 0) {
    const wave = plan.body.waves.length > 1 ? [`wave ${only.name}`] : []
    const [first = '', ...rest] = hang('Rollout: ', `${[...wave, limits].join(', ')}.`, width)
    return [paint('strong', 'Rollout:') + first.slice('Rollout:'.length), ...rest]
  }
  const shared = limits === '' ? [] : hang('  ', `Every wave: ${limits}.`, width)
  const [head = '', ...lines] = waveTable(rows, page)
  return [
    paint('strong', head.slice(0, 'Rollout'.length)) + paint('faint', head.slice('Rollout'.length)),
    ...lines.flatMap((line, index) => [
      ...line.split('\n'),
      // The order of a wave is the order in which its hosts are changed.
      ...(verbose
        ? hang('      ', rows[index]?.members.join(', ') ?? '', width).map((text) => paint('faint', text))
        : []),
    ]),
    ...shared,
  ]
}

/** The heading, then each wave as one text, which may have several lines. */
function waveTable(rows: readonly WaveRow[], { width, verbose, groups }: Page): readonly string[] {
  const isNarrow = width < narrowBelow
  const hasLetters = groups.some(({ letter }) => letter !== '')
  const changes = rows.map(({ changes }) =>
    hasLetters ? lettersOf(changes, verbose ? Infinity : runsAtMost) || '-' : '',
  )
  const inTable = hasLetters && !isNarrow
  const between = isNarrow ? 1 : 2
  const figures = ['HOSTS', 'CHANGE', 'REBOOT', 'BLOCKED']
  const room = width - figures.reduce((sum, title) => sum + title.length + between, 0)
  const nameRoom = isNarrow ? Math.max(leastName, room) : nameAtMost
  const [head = '', ...lines] = table(
    [
      ['Rollout', ...figures, ...(inTable ? ['CHANGES'] : [])],
      ...rows.map((row, index) => [
        truncate(`  ${row.number} ${row.name}`, nameRoom),
        ...[row.members.length, row.change, row.reboot, row.blocked].map(figure),
        ...(inTable ? [changes[index] ?? ''] : []),
      ]),
    ],
    ['left', 'right', 'right', 'right', 'right', ...(inTable ? (['left'] as const) : [])],
    between,
  )
  const start = Math.max(...[head, ...lines].map(displayWidth)) + 2
  const hasLimits = rows.some(({ limits }) => limits !== '')
  const isBehind = !isNarrow && width - start >= leastLimits
  return [
    hasLimits && isBehind ? `${head.padEnd(start)}LIMITS` : head,
    ...lines.map((line, index) => {
      const limits = rows[index]?.limits ?? ''
      if (isBehind) return limits === '' ? line : hang(line.padEnd(start), limits, width).join('\n')
      const below = [inTable ? '' : (changes[index] ?? '').replace(/^-$/, ''), limits].filter((text) => text !== '')
      return below.length === 0 ? line : [line, ...hang('    ', below.join('; '), width)].join('\n')
    }),
  ]
}

function figure(count: number): string {
  return count === 0 ? '-' : String(count)
}
