import type { Failure, HostPlan, Plan, Wave } from '../../../model/plan/plan-schema.ts'
import { brokenWords, missingWords } from '../../../model/plan/plan.ts'
import { cleanLine, cleanText } from '../../../model/text/text.ts'
import { counted } from '../../terminal/amounts.ts'
import { tellChange } from '../change-text.ts'
import type { Paint } from '../../terminal/paint.ts'
import { type ChangeGroup, isRebootPending } from '../groups.ts'
import { displayWidth, hang, pad, truncate } from '../../terminal/width.ts'

/** What every line of one plan is written with. */
export interface Page {
  readonly plan: Plan
  readonly width: number
  readonly verbose: boolean
  readonly paint: Paint
  /** Width of the column that holds host names. */
  readonly column: number
  readonly groups: readonly ChangeGroup[]
}

/** More hosts of a kind than this are shown as one row. */
const rowsAtMost = 8
/** Names in a list of hosts; the rest is counted. */
const namedAtMost = 12
const hostColumnAtMost = 28

/** The width that the names of a plan's hosts take. */
export function hostColumn(plan: Plan): number {
  const widths = Object.entries(plan.body.hosts).flatMap(([name, host]) =>
    host.action === 'excluded' ? [] : [displayWidth(cleanLine(name))],
  )
  return Math.min(
    hostColumnAtMost,
    widths.reduce((widest, width) => Math.max(widest, width), 0),
  )
}

/** A list of host names, the first twelve unless all are asked for. */
export function someOf(names: readonly string[], all: boolean): string {
  const rest = names.length - namedAtMost
  // To count one or two takes as much room as to name them.
  if (all || rest <= 2) return names.join(', ')
  return `${names.slice(0, namedAtMost).join(', ')} and ${rest} more`
}

/** Wave by wave what happens to its hosts: a change that several share stands once, where it comes first. */
export function waveLines(page: Page): readonly string[] {
  const groups = new Map<HostPlan, ChangeGroup>()
  for (const group of page.groups) for (const member of group.members) groups.set(member, group)
  const told = new Set<ChangeGroup>()
  return page.plan.body.waves.flatMap((wave) => {
    const kinds = new Map<Kind, Member[]>()
    for (const member of membersOf(wave, page.plan)) {
      const kind = groups.get(member.host) ?? member.host.action
      const alike = kinds.get(kind)
      if (alike === undefined) kinds.set(kind, [member])
      else alike.push(member)
    }
    if (kinds.size === 0) return []
    const heading = page.plan.body.waves.length < 2 ? [] : [page.paint('strong', cleanLine(wave.name))]
    return [...heading, ...kindsInOrder(kinds, page).flatMap(([kind, members]) => kindRows(kind, members, told, page))]
  })
}

/** A change that hosts share, or what else is to be said of a host. */
type Kind = ChangeGroup | HostPlan['action']

/** Few hosts of a kind keep their places in the wave's order; many are one row, at the place of the first. */
function kindsInOrder(kinds: ReadonlyMap<Kind, readonly Member[]>, { verbose }: Page) {
  const rows = [...kinds].flatMap(([kind, members]): readonly (readonly [Kind, readonly Member[]])[] => {
    const folds = typeof kind !== 'string' || (!verbose && members.length > rowsAtMost)
    return folds ? [[kind, members]] : members.map((member) => [kind, [member]])
  })
  const place = ([, members]: readonly [Kind, readonly Member[]]) => members[0]?.place ?? 0
  return rows.toSorted((a, b) => place(a) - place(b))
}

function kindRows(kind: Kind, members: readonly Member[], told: Set<ChangeGroup>, page: Page): readonly string[] {
  const [first] = members
  if (first === undefined) return []
  if (typeof kind === 'string') return members.length === 1 ? plainRow(first, page) : foldedRow(members, page)
  const isTold = told.has(kind)
  told.add(kind)
  return groupRow([first, ...members.slice(1)], kind, isTold, page)
}

interface Member {
  readonly name: string
  readonly host: HostPlan
  /** In the order of the wave. */
  readonly place: number
}

function membersOf({ hosts }: Wave, plan: Plan): readonly Member[] {
  return hosts.flatMap((name, place): readonly Member[] => {
    const host = plan.body.hosts[name]
    return host === undefined || host.action === 'excluded' ? [] : [{ name: cleanLine(name), host, place }]
  })
}

function groupRow(
  members: readonly [Member, ...Member[]],
  group: ChangeGroup,
  isTold: boolean,
  page: Page,
): readonly string[] {
  const { width, paint, verbose } = page
  const text = isTold ? `the same change as ${group.hosts[0]}` : tellChange(group)
  if (members.length === 1) {
    const lines = hang(`~ ${label(members[0].name, page)}  `, text, width)
    return marked('~', 'change', [...lines, ...pathLines(members[0], '    ', page)], paint)
  }
  const names = members.map(({ name }) => name)
  const head = hang('~ ', `${counted(members.length, 'host')}: ${someOf(names, verbose)}`, width)
  const paths = members.flatMap((member) =>
    verbose ? [paint('faint', `    ${member.name}`), ...pathLines(member, '      ', page)] : [],
  )
  return marked('~', 'change', [...head, ...hang('    ', text, width), ...paths], paint)
}

/** What a host goes from and to, and what is noted about it. */
function pathLines({ host }: Member, indent: string, { paint, width, verbose }: Page): readonly string[] {
  if (host.action !== 'change' || !verbose) return []
  return [
    paint('faint', `${indent}from ${cleanLine(host.from.system)}`),
    paint('faint', `${indent}to   ${cleanLine(host.to.system)}`),
    ...host.notes.flatMap((note) =>
      note.severity === 'info' ? hang(indent, `note: ${cleanLine(note.summary)}`, width) : [],
    ),
  ]
}

function plainRow({ name, host }: Member, page: Page): readonly string[] {
  const { paint } = page
  switch (host.action) {
    case 'none':
      return [
        `  ${label(name, page)}  ${isRebootPending(host) ? paint('warning', pendingText) : paint('faint', 'no change')}`,
      ]
    case 'unreachable':
      return marked('!', 'warning', [`! ${label(name, page)}  ${missingWords(host.failure)}`], paint)
    case 'evaluation-failed':
      return [
        ...marked('!', 'bad', [`! ${label(name, page)}  ${brokenWords(host.failure)}`], paint),
        ...(page.verbose ? traceLines(host.failure, page) : []),
      ]
    case 'change':
    case 'excluded':
      return []
  }
}

/** Everything that Nix said, which the plan shortens otherwise. */
function traceLines({ trace }: Failure, { paint }: Page): readonly string[] {
  const lines = cleanText(trace ?? '').split('\n')
  return lines.flatMap((line) => (line.trim() === '' ? [] : [paint('faint', `    ${line}`)]))
}

/** A host that waits for a reboot runs its planned system, and is not simply unchanged. */
const pendingText = 'no change to make, reboot pending'

function foldedRow(members: readonly Member[], { paint }: Page): readonly string[] {
  const count = counted(members.length, 'host')
  const [first] = members
  switch (first?.host.action) {
    case 'unreachable':
      return marked('!', 'warning', [`! ${count}  ${missingWords(first.host.failure)}`], paint)
    case 'evaluation-failed':
      return marked('!', 'bad', [`! ${count}  do not evaluate or build`], paint)
    default: {
      const pending = members.filter(({ host }) => isRebootPending(host)).length
      const text = pending === 0 ? 'no change' : `no change to make, ${pending} with a reboot pending`
      return [`  ${count}  ${paint('faint', text)}`]
    }
  }
}

function label(name: string, { verbose, column }: Page): string {
  return pad(verbose ? name : truncate(name, column), column)
}

function marked(mark: string, role: 'change' | 'warning' | 'bad', lines: readonly string[], paint: Paint) {
  return lines.map((line, index) => (index === 0 ? paint(role, mark) + line.slice(mark.length) : line))
}
