import type { Plan, Source } from '../../../model/plan/plan-schema.ts'
import { planSummary } from '../../../model/plan/plan.ts'
import { cleanLine } from '../../../model/text/text.ts'
import { counted } from '../../terminal/amounts.ts'
import { paintFor } from '../../terminal/paint.ts'
import { type Danger, dangersOf, foldDangers, remarksOf } from '../dangers.ts'
import { detailLines } from './detail.ts'
import { groupsOf } from '../groups.ts'
import { checkSentences } from '../checks.ts'
import { hostColumn, type Page, someOf, waveLines } from './rows.ts'
import { leftOutOf, waveRowsOf } from '../waves.ts'
import { displayWidth, gap, hang, pad } from '../../terminal/width.ts'

/** How a plan is written. */
export interface PlanTextOptions {
  readonly color: boolean
  readonly width: number
  /** A row for every host, and every package, unit, path and text difference. */
  readonly verbose: boolean
}

/** More dangers of one kind than this are one line, unless everything is asked for. */
const alikeAtMost = 5

/**
 * A plan for the person who decides about it: the verdict and the source, the dangerous, the waves, each distinct change once with its hosts,
 * the details when verbose, the fixed last line.
 */
export function planText(plan: Plan, options: PlanTextOptions): string {
  const groups = groupsOf(plan)
  const { width, verbose } = options
  const paint = paintFor(options.color)
  const page: Page = { plan, width, verbose, paint, column: hostColumn(plan), groups }
  const blocks = [
    header(page),
    foldDangers(dangersOf(plan), verbose ? Infinity : alikeAtMost).flatMap((danger) => dangerLines(danger, page)),
    waveTable(page),
    waveLines(page),
    ...(verbose ? groups.map((group) => detailLines(group, page)) : []),
    leftOutLines(page),
    checkLines(page),
    [paint('strong', planSummary(plan))],
  ]
  return `${blocks
    .filter((block) => block.length > 0)
    .map((block) => block.join('\n'))
    .join('\n\n')}\n`
}

function header({ plan, width, paint, verbose }: Page): readonly string[] {
  const { source, name } = plan.body
  const made = `${plan.createdAt.slice(0, 16).replace('T', ' ')} UTC`
  const fleet = [cleanLine(name), `plan ${plan.planId.slice(7, 15)}`, `made ${cleanLine(made)}`].join(gap)
  const line = (head: string, text: string) => {
    const [first = '', ...rest] = hang(`${head}  `, text, width)
    return [paint('faint', head) + first.slice(head.length), ...rest]
  }
  return [
    ...line('Plan ', verdictOf(plan)),
    ...line('Flake', flakeLine(source)),
    ...line('Fleet', fleet),
    ...remarksOf(plan).flatMap(({ summary, detail }) => [
      ...line('Note ', summary),
      ...(verbose && detail !== '' ? hang('       ', detail, width).map((text) => paint('faint', text)) : []),
    ]),
  ]
}

/** The verdict comes first, for who reads from the top; the fixed last line says it to scripts. */
function verdictOf(plan: Plan): string {
  const [, counts] = /^Plan: (.*)\.$/.exec(planSummary(plan)) ?? []
  return counts ?? 'no changes'
}

function flakeLine({ original, rev, dirty, lastModified }: Source): string {
  const revision = rev === null ? 'no revision' : `rev ${cleanLine(rev.slice(0, 7))}${dirty ? '-dirty' : ''}`
  const state = dirty ? 'dirty: uncommitted changes are in this plan' : rev === null ? '' : 'clean'
  const date = lastModified === null ? '' : cleanLine(lastModified.slice(0, 10))
  return [withoutLogin(cleanLine(original)), revision, date, state].filter((part) => part !== '').join(gap)
}

/** A reference may hold a user, or a token: `git+https://user:token@host/…`. */
function withoutLogin(reference: string): string {
  return reference.replace(/:\/\/[^/\s]*@/, '://')
}

function dangerLines(danger: Danger, { paint, column, verbose, width }: Page): readonly string[] {
  const { hosts, summary, detail, note, role } = danger
  const single = hosts.length === 1
  const name = single ? pad(hosts[0] ?? '', column) : ''
  const many = hosts.length > 1 ? ` (${counted(hosts.length, 'host')}: ${someOf(hosts, verbose)})` : ''
  const [first = '', ...rest] = hang(single ? `! ${name}  ` : '! ', summary + many, width)
  const texts = [detail === summary ? '' : detail, note === '' ? '' : `note: ${note}`]
  const more = texts.flatMap((text) => (text === '' ? [] : hang('    ', text, width)))
  return [paint(role, '!') + first.slice(1), ...rest, ...more.map((line) => paint('faint', line))]
}

function waveTable({ plan, width, paint }: Page): readonly string[] {
  const waves = waveRowsOf(plan)
  if (waves.length < 2) return []
  const rows = waves.map(({ name, hosts, change, reboot, missing }) => [
    name,
    ...[hosts, change, reboot, missing].map(String),
  ])
  const [head = '', ...lines] = table([['WAVE', 'HOSTS', 'CHANGE', 'REBOOT', 'MISSING'], ...rows])
  return [
    paint('faint', `${head}  HOW`),
    ...lines.flatMap((line, index) => hang(`${line}  `, waves[index]?.how ?? '', width)),
  ]
}

function table(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    rows.reduce((widest, row) => Math.max(widest, displayWidth(row[column] ?? '')), 0),
  )
  return rows.map((row) =>
    row
      .map((cell, column) => {
        const width = widths[column] ?? 0
        return /^\d+$/.test(cell) && column > 0 ? ' '.repeat(width - cell.length) + cell : pad(cell, width)
      })
      .join('  '),
  )
}

function leftOutLines({ plan, verbose, width, paint }: Page): readonly string[] {
  return [...leftOutOf(plan)].flatMap(([reason, names]) =>
    hang('  ', `not in this plan: ${someOf(names, verbose)} (${reason})`, width).map((line) => paint('faint', line)),
  )
}

/** Which checks will run on which host. */
function checkLines({ plan, width, paint, verbose }: Page): readonly string[] {
  return checkSentences(plan, verbose ? Infinity : undefined).flatMap((text) =>
    hang('  ', text, width).map((line) => paint('faint', line)),
  )
}
