import type { AnsweredHost, HostStatus, Status } from '../../model/host/status-schema.ts'
import { cleanLine, cleanText } from '../../model/text/text.ts'
import { counted } from '../terminal/amounts.ts'
import { paintFor, type Paint } from '../terminal/paint.ts'
import { attentionBlock } from '../terminal/attention.ts'
import { type Danger, foldDangers, mergeDangers } from '../terminal/danger.ts'
import { someOf } from '../terminal/names.ts'
import { cellsOf, changedMark, columns, rowKey, type StatusRow } from './cells.ts'
import { hostBlock } from './host.ts'
import { displayWidth, hang, pad, truncate } from '../terminal/width.ts'

/** How a status is written. */
export interface StatusTextOptions {
  readonly color: boolean
  readonly width: number
  /** A block for every host with all that it said, and no hosts folded into one row. */
  readonly verbose: boolean
}

/** Hosts that say the same take a row each up to here. */
const rowsAtMost = 8
/** More notes of one kind than this are one line. */
const alikeAtMost = 5
/** Columns that a host's name is given before a column is left out for it, and in any case. */
const [usualHost, narrowestHost] = [20, 12]
const gap = '  '

/** What every host runs, will boot and has booted: what is amiss first, a table by wave, the count last. */
export function statusText(status: Status, options: StatusTextOptions): string {
  const paint = paintFor(options.color)
  const blocks = [
    attention(status, options, paint),
    ...(options.verbose
      ? Object.entries(status.hosts).map(([name, host]) => hostBlock(cleanLine(name), host, options.width, paint))
      : [tableLines(status, options, paint)]),
    [paint('strong', summaryOf(status))],
  ]
  return `${blocks
    .filter((block) => block.length > 0)
    .map((block) => block.join('\n'))
    .join('\n\n')}\n`
}

/** The last line; its wording is fixed. */
function summaryOf({ hosts }: Status): string {
  const all = Object.values(hosts)
  const count = (reach: HostStatus['reach']) => all.filter((host) => host.reach === reach).length
  const drifted = all.filter((host) => host.reach === 'answered' && host.drifted).length
  const parts = [`${count('answered')} reachable`]
  if (count('unreachable') > 0) parts.push(`${count('unreachable')} unreachable`)
  if (count('disabled') > 0) parts.push(`${count('disabled')} disabled`)
  parts.push(drifted === 0 ? 'no drift' : `${drifted} drifted`)
  return `Status: ${parts.join(', ')}.`
}

/** Equal notes once, with their hosts; what only the table says is not said here. */
function attention({ hosts }: Status, { width, verbose }: StatusTextOptions, paint: Paint): readonly string[] {
  const dangers = Object.entries(hosts).flatMap(([name, host]) =>
    host.reach === 'answered' ? dangersOf(name, host) : [],
  )
  const entries = foldDangers(mergeDangers(dangers), verbose ? Infinity : alikeAtMost).map((danger) => {
    const [first = ''] = danger.hosts
    const isOne = danger.hosts.length === 1
    const more = [...(isOne ? [] : [someOf(danger.hosts, verbose)]), ...(danger.detail === '' ? [] : [danger.detail])]
    return {
      role: danger.role,
      label: isOne ? first : counted(danger.hosts.length, 'host'),
      text: danger.why,
      more,
    }
  })
  return attentionBlock(entries, { paint, width })
}

function dangersOf(name: string, { notes, observation }: AnsweredHost): readonly Danger[] {
  const common = { hosts: [cleanLine(name)], kind: '', note: '', isPrivate: false, traces: [] }
  const failed = observation.failedUnits.map(cleanLine).join(', ')
  return [
    ...notes
      .filter(({ severity, code }) => severity !== 'info' && code !== 'status/reboot-pending')
      .map(({ severity, summary, detail = '' }) => ({
        ...common,
        role: severity === 'error' ? ('bad' as const) : ('warning' as const),
        why: cleanLine(summary),
        detail: cleanText(detail).trim(),
      })),
    ...(failed === '' ? [] : [{ ...common, role: 'warning' as const, why: `failed units: ${failed}`, detail: '' }]),
  ]
}

function tableLines(status: Status, options: StatusTextOptions, paint: Paint): readonly string[] {
  const rows = Object.entries(status.hosts).map(([name, host]) => cellsOf(cleanLine(name), host, status.observedAt))
  const layout = layoutOf(rows, options.width)
  const waves = sectionsOf(status, rows)
  const head = layout.shown
    .map(({ title }, index) => pad(title, layout.widths[index] ?? 0))
    .join(gap)
    .trimEnd()
  const isMarked = layout.isShort && rows.some(({ cells }) => cells !== null && cells.short.lastRun !== cells.lastRun)
  const isShown = layout.shown.some(({ key }) => key === 'lastRun')
  return [
    paint('faint', `  ${pad('HOST', layout.host)}${gap}${head}`),
    ...waves.flatMap(({ title, members }) => [
      ...(title === '' ? [] : [paint('strong', truncate(title, options.width))]),
      ...folded(members).flatMap((group) => rowLines(group, layout, options, paint)),
    ]),
    ...(isMarked && isShown ? [paint('faint', `  ${changedMark} the host changed after this run: see Attention`)] : []),
  ]
}

interface Layout {
  /** Cells say less, so that there is room for all of them. */
  readonly isShort: boolean
  readonly shown: readonly (typeof columns)[number][]
  readonly host: number
  readonly widths: readonly number[]
}

/** The columns that fit: with shorter words first, then without the least important; the host's name takes what is left. */
function layoutOf(rows: readonly StatusRow[], width: number): Layout {
  const names = widest(
    rows.map(({ name }) => name),
    4,
  )
  let shown = [...columns]
  for (let isShort = false; ; isShort = true) {
    const widths = shown.map(({ key, title }) =>
      widest(
        rows.map(({ cells }) => (isShort ? cells?.short : cells)?.[key] ?? ''),
        title.length,
      ),
    )
    const rest = width - 2 - widths.reduce((sum, own) => sum + own + gap.length, 0)
    if (rest >= Math.min(names, usualHost) || shown.length === 1)
      return { isShort, shown, widths, host: Math.max(Math.min(names, rest), narrowestHost) }
    if (!isShort) continue
    const least = shown.toSorted((a, b) => a.rank - b.rank).at(-1)
    shown = shown.filter((column) => column !== least)
  }
}

function widest(texts: readonly string[], least: number): number {
  return texts.reduce((width, text) => Math.max(width, displayWidth(text)), least)
}

/** Rows by wave, with what runs in it where that is a mix; hosts in no wave last. */
function sectionsOf({ waves }: Status, rows: readonly StatusRow[]) {
  const byName = new Map(rows.map((row) => [row.name, row]))
  const inWaves = new Set(waves.flatMap(({ hosts }) => hosts.map(cleanLine)))
  const sections = waves.flatMap(({ name, hosts }) => {
    const members = hosts.flatMap((host) => byName.get(cleanLine(host)) ?? [])
    return members.length === 0 ? [] : [{ title: waves.length < 2 ? '' : headingOf(name, members), members }]
  })
  const rest = rows.filter(({ name }) => !inWaves.has(name))
  return rest.length === 0 ? sections : [...sections, { title: '', members: rest }]
}

/** `servers  3 hosts: 2 run 25.05.a1b2c3d, 1 runs 25.05.0f1e2d3`. */
function headingOf(name: string, members: readonly StatusRow[]): string {
  const counts = new Map<string, number>()
  for (const { cells } of members) {
    if (cells !== null) counts.set(cells.shared.running, (counts.get(cells.shared.running) ?? 0) + 1)
  }
  const mix = [...counts].map(([release, count]) => `${count} ${count === 1 ? 'runs' : 'run'} ${release}`)
  const told = counts.size > 1 ? `: ${mix.join(', ')}` : ''
  return `${cleanLine(name)}${gap}${counted(members.length, 'host')}${told}`
}

/** Hosts with the same cells become one row where there are many of them, at the place of the first. */
function folded(rows: readonly StatusRow[]): readonly (readonly StatusRow[])[] {
  const groups = new Map<string, StatusRow[]>()
  for (const row of rows) {
    const key = rowKey(row)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [row])
    else group.push(row)
  }
  return [...groups.values()].flatMap((group) => (group.length > rowsAtMost ? [group] : group.map((row) => [row])))
}

function rowLines(
  group: readonly StatusRow[],
  { isShort, shown, widths, host }: Layout,
  { width }: StatusTextOptions,
  paint: Paint,
): readonly string[] {
  const [first] = group
  if (first === undefined) return []
  const { cells, words, mark, role } = first
  const many = group.length > 1
  const name = `${mark} ${pad(many ? counted(group.length, 'host') : truncate(first.name, host), host)}`
  const shownCells = cells === null ? null : many ? cells.shared : isShort ? cells.short : cells
  const row = shown.map(({ key }, index) => pad(shownCells?.[key] ?? '', widths[index] ?? 0)).join(gap)
  const told = cells === null ? hang(`${name}${gap}`, words, width) : [`${name}${gap}${row}`.trimEnd()]
  const all = group.map((member) => member.name)
  const names = many ? hang('    ', someOf(all, false), width) : []
  return [
    ...told.map((line) => (role === null ? line : paint(role, line))),
    ...names.map((line) => paint('faint', line)),
  ]
}
