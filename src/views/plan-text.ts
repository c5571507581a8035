import type { HostPlan, Plan, Source, Wave } from '../model/plan-schema.ts'
import { planSummary } from '../model/plan.ts'
import { cleanLine } from '../model/text.ts'
import { changeKey, tellChange } from './change-text.ts'
import { formatDuration } from '../model/duration.ts'
import { type Paint, paintFor } from './paint.ts'
import { type Danger, dangersOf } from './plan-dangers.ts'
import { displayWidth, gap, hang, pad, truncate } from './width.ts'

/** How a plan is written. */
export interface PlanTextOptions {
  readonly color: boolean
  readonly width: number
  /** Every package, unit and path, and a row for every host. */
  readonly verbose: boolean
}

/** More hosts of a kind than this are shown as one row. */
const rowsAtMost = 8
const hostColumnAtMost = 28

/** A plan for the person who decides about it: the source, the dangerous, the waves, a row per host, the fixed last line. */
export function planText(plan: Plan, options: PlanTextOptions): string {
  const page: Page = { plan, options, paint: paintFor(options.color), column: hostColumn(plan) }
  const blocks = [
    header(page),
    dangersOf(plan).flatMap((danger) => dangerLines(danger, page)),
    waveTable(page),
    plan.body.waves.flatMap((wave) => waveRows(wave, page)),
    leftOutLines(page),
    [page.paint('strong', planSummary(plan))],
  ]
  return `${blocks
    .filter((block) => block.length > 0)
    .map((block) => block.join('\n'))
    .join('\n\n')}\n`
}

interface Page {
  readonly plan: Plan
  readonly options: PlanTextOptions
  readonly paint: Paint
  /** Width of the column that holds host names. */
  readonly column: number
}

function hostColumn(plan: Plan): number {
  const widths = Object.entries(plan.body.hosts).flatMap(([name, host]) =>
    host.action === 'excluded' ? [] : [displayWidth(cleanLine(name))],
  )
  return Math.min(
    hostColumnAtMost,
    widths.reduce((widest, width) => Math.max(widest, width), 0),
  )
}

function header({ plan, options, paint }: Page): readonly string[] {
  const { source, name } = plan.body
  const made = `${plan.createdAt.slice(0, 16).replace('T', ' ')} UTC`
  return [
    ...hang('Flake  ', flakeLine(source), options.width),
    ...hang(
      'Fleet  ',
      [cleanLine(name), `plan ${plan.planId.slice(7, 15)}`, `made ${cleanLine(made)}`].join(gap),
      options.width,
    ),
  ].map((line) => line.replace(/^(Flake|Fleet)/, (word) => paint('faint', word)))
}

function flakeLine({ original, rev, dirty, lastModified }: Source): string {
  const revision = rev === null ? 'no revision' : `rev ${cleanLine(rev).slice(0, 7)}${dirty ? '-dirty' : ''}`
  const state = dirty ? 'dirty: uncommitted changes are in this plan' : rev === null ? '' : 'clean'
  const date = lastModified === null ? '' : cleanLine(lastModified).slice(0, 10)
  return [cleanLine(original), revision, date, state].filter((part) => part !== '').join(gap)
}

function dangerLines(danger: Danger, { options, paint, column }: Page): readonly string[] {
  const { hosts, summary, detail, role } = danger
  const single = hosts.length === 1
  const name = single ? pad(hosts[0] ?? '', column) : ''
  const text = hosts.length > 1 ? `${summary} (${hosts.length} hosts: ${hosts.join(', ')})` : summary
  const [first = '', ...rest] = hang(single ? `! ${name}  ` : '! ', text, options.width)
  const more = detail === '' || detail === summary ? [] : hang('    ', detail, options.width)
  return [paint(role, '!') + first.slice(1), ...rest, ...more.map((line) => paint('faint', line))]
}

function waveTable({ plan, options, paint }: Page): readonly string[] {
  const { hosts } = plan.body
  const waves = plan.body.waves.filter((wave) => wave.hosts.some((name) => hosts[name]?.action !== 'excluded'))
  if (waves.length < 2) return []
  const rows = waves.map((wave) => {
    const members = wave.hosts.flatMap((name) => hosts[name] ?? [])
    const count = (test: (host: HostPlan) => boolean) => String(members.filter(test).length)
    return [
      cleanLine(wave.name),
      count((host) => host.action !== 'excluded'),
      count((host) => host.action === 'change'),
      count((host) => host.action === 'change' && host.diff.reboot.needed === true),
      count((host) => host.action === 'unreachable' || host.action === 'evaluation-failed'),
    ]
  })
  const [head = '', ...lines] = table([['WAVE', 'HOSTS', 'CHANGE', 'REBOOT', 'MISSING'], ...rows])
  const ways = waves.map(wayOf)
  return [
    paint('faint', `${head}  HOW`),
    ...lines.flatMap((line, index) => hang(`${line}  `, ways[index] ?? '', options.width)),
  ]
}

function wayOf(wave: Wave): string {
  const parts = [
    `${wave.maxParallel} at once`,
    wave.batches.length > 0 ? `batches ${wave.batches.join(', ')}` : '',
    wave.maxFailures > 0 ? `${wave.maxFailures + 1} failures halt` : '1 failure halts',
    wave.bakeTimeMs > 0 ? `bakes ${formatDuration(wave.bakeTimeMs)}` : '',
    wave.promotion === 'manual' ? 'then asks' : '',
  ]
  return parts.filter((part) => part !== '').join(', ')
}

function table(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    rows.reduce((widest, row) => Math.max(widest, displayWidth(row[column] ?? '')), 0),
  )
  return rows.map((row) =>
    row
      .map((cell, column) => {
        const width = widths[column] ?? 0
        return /^\d+$/.test(cell) ? ' '.repeat(width - cell.length) + cell : pad(cell, width)
      })
      .join('  '),
  )
}

function waveRows(wave: Wave, page: Page): readonly string[] {
  const { plan, options, paint } = page
  const members = wave.hosts.flatMap((name): readonly Member[] => {
    const host = plan.body.hosts[name]
    return host === undefined || host.action === 'excluded' ? [] : [{ name: cleanLine(name), host }]
  })
  if (members.length === 0) return []
  const heading = plan.body.waves.length < 2 ? [] : [paint('strong', cleanLine(wave.name))]
  const few = (kind: readonly Member[]) => options.verbose || kind.length <= rowsAtMost
  const changed = members.filter(({ host }) => host.action === 'change')
  const unchanged = members.filter(({ host }) => host.action === 'none')
  const folded = new Set([...(few(changed) ? [] : changed), ...(few(unchanged) ? [] : unchanged)])
  return [
    ...heading,
    ...members.filter((member) => !folded.has(member)).flatMap((member) => hostRow(member, page)),
    ...(few(changed) ? [] : groupRows(changed, page)),
    ...(few(unchanged) ? [] : [foldedLine(unchanged, paint)]),
  ]
}

interface Member {
  readonly name: string
  readonly host: HostPlan
}

function hostRow({ name, host }: Member, page: Page): readonly string[] {
  const { options, paint, column } = page
  const label = pad(options.verbose ? name : truncate(name, column), column)
  switch (host.action) {
    case 'none':
      return [`  ${label}  ${isPending(host) ? paint('warning', pendingText) : paint('faint', 'no change')}`]
    case 'change': {
      const lines = hang(`~ ${label}  `, tellChange(host.diff, options.verbose), options.width)
      const paths = options.verbose
        ? [`    from ${cleanLine(host.from.system)}`, `    to   ${cleanLine(host.to.system)}`]
        : []
      const infos = options.verbose ? infoLines(host, options.width) : []
      return marked('~', 'change', [...lines, ...paths.map((line) => paint('faint', line)), ...infos], paint)
    }
    case 'unreachable':
      return marked('!', 'warning', [`! ${label}  unreachable`], paint)
    case 'evaluation-failed':
      return marked('!', 'bad', [`! ${label}  does not evaluate`], paint)
    case 'excluded':
      return []
  }
}

function infoLines(host: HostPlan, width: number): readonly string[] {
  return host.notes.flatMap((note) =>
    note.severity === 'info' ? hang('    ', `note: ${cleanLine(note.summary)}`, width) : [],
  )
}

function marked(mark: string, role: 'change' | 'warning' | 'bad', lines: readonly string[], paint: Paint) {
  return lines.map((line, index) => (index === 0 ? paint(role, mark) + line.slice(mark.length) : line))
}

/** Hosts with the identical change share one entry; fleets repeat themselves. */
/** A host that waits for a reboot runs its planned system, and is not simply unchanged. */
const pendingText = 'no change to make, reboot pending'

function isPending(host: HostPlan): boolean {
  return host.notes.some(({ code }) => code === 'plan/reboot-pending')
}

function foldedLine(members: readonly Member[], paint: Paint): string {
  const pending = members.filter(({ host }) => isPending(host)).length
  return `  ${members.length} hosts  ${paint('faint', pending === 0 ? 'no change' : `no change to make, ${pending} with a reboot pending`)}`
}

function groupRows(members: readonly Member[], page: Page): readonly string[] {
  const { options, paint } = page
  const groups = new Map<string, Member[]>()
  for (const member of members) {
    if (member.host.action !== 'change') continue
    const key = changeKey(member.host)
    groups.set(key, [...(groups.get(key) ?? []), member])
  }
  return [...groups.values()].flatMap((group) => {
    const host = group[0]?.host
    if (group.length === 1 && group[0] !== undefined) return hostRow(group[0], page)
    if (host?.action !== 'change') return []
    const head = `~ ${group.length} hosts, one change: `
    const lines = hang('    ', tellChange(host.diff, options.verbose), options.width)
    const names = hang('    ', group.map(({ name }) => name).join(', '), options.width)
    return marked('~', 'change', [head.trimEnd(), ...lines, ...names.map((line) => paint('faint', line))], paint)
  })
}

function leftOutLines({ plan, options, paint }: Page): readonly string[] {
  const byReason = new Map<string, string[]>()
  for (const [name, host] of Object.entries(plan.body.hosts)) {
    if (host.action !== 'excluded') continue
    const reason = cleanLine(host.reason)
    byReason.set(reason, [...(byReason.get(reason) ?? []), cleanLine(name)])
  }
  return [...byReason].flatMap(([reason, names]) => {
    const few = names.length <= rowsAtMost || options.verbose
    const who = few ? names.join(', ') : `${names.length} hosts`
    return hang('  ', `not in this plan: ${who} (${reason})`, options.width).map((line) => paint('faint', line))
  })
}
