import type { RunFinished } from '../../model/run/event-schema.ts'
import type { HostRun, RunState } from '../../model/run/run.ts'
import { runSummary } from '../../model/run/run-summary.ts'
import { shortRun } from '../../model/run/short-name.ts'
import { cleanLine } from '../../model/text/text.ts'
import { counted } from '../terminal/amounts.ts'
import { attentionBlock } from '../terminal/attention.ts'
import { labelColumn, labelled } from '../terminal/labelled.ts'
import { type NextCommand, nextBlock } from '../terminal/next-block.ts'
import { someOf } from '../terminal/names.ts'
import { type Paint, paintFor } from '../terminal/paint.ts'
import { hang } from '../terminal/width.ts'
import { isStranded } from './ending.ts'
import { adviceOf, entriesOf, entryLines, type EntryLook, needsEntry, type Tail } from './host-entry.ts'

/** What the report needs beside the run itself. */
export interface ReportOptions {
  readonly color: boolean
  readonly width: number
  /** What every failed host printed, however many there are, and every name. */
  readonly verbose: boolean
  /** By host name; a host may be missing. */
  readonly tails: ReadonlyMap<string, Tail>
  /** What to type next; empty: nothing is left to do. */
  readonly next: readonly NextCommand[]
}

/** What more failed hosts than this printed stands in their logs alone. */
const shownWholeAtMost = 3
/** A name that is wider has a line of its own. */
const nameAtMost = 20

/**
 * What an operator reads after a run: what halted, an entry for each host that needs a look, who was left out, what to type,
 * and the fixed last line. The run must have finished.
 */
export function reportText(state: RunState, options: ReportOptions): string {
  const { finished } = state
  if (finished === null) throw new Error('bug: a report of a run that has not finished')
  const paint = paintFor(options.color)
  const hosts = [...state.hosts.values()]
  const blocks = [
    attention(hosts, options, paint),
    stops(state, options, paint),
    ...hostBlocks(state, options, paint),
    leftOut(state, options, paint),
    nextBlock(options.next, { paint, width: options.width }),
    [summaryLine(finished, paint)],
  ]
  return `${blocks
    .filter((block) => block.length > 0)
    .map((block) => block.join('\n'))
    .join('\n\n')}\n`
}

function summaryLine(finished: RunFinished, paint: Paint): string {
  const fine = finished.outcome === 'complete' || finished.outcome === 'no-changes'
  const role = fine && finished.exitCode === 0 ? 'good' : finished.outcome === 'paused' ? 'warning' : 'bad'
  return paint(role, cleanLine(runSummary(finished)))
}

/** Hosts that run neither the one system nor the other in good health come before anything else. */
function attention(hosts: readonly HostRun[], { width, verbose }: ReportOptions, paint: Paint): readonly string[] {
  const names = hosts.filter(isStranded).map(({ host }) => cleanLine(host))
  if (names.length === 0) return []
  const look = `Look at ${names.length === 1 ? 'this host' : 'these hosts'} first.`
  const text = `not restored to a healthy previous system. ${look}`
  const one = names.length === 1
  const label = one ? (names[0] ?? '') : counted(names.length, 'host')
  return attentionBlock([{ role: 'bad', label, text, more: one ? [] : [someOf(names, verbose)] }], { paint, width })
}

/** Why the run went no further: each wave that halted, and what stopped all of it. */
function stops({ waves, stopped }: RunState, { width }: ReportOptions, paint: Paint): readonly string[] {
  const halted = waves.flatMap(({ name, halted: why }) => (why === null ? [] : [{ name, why }]))
  const columns = {
    indent: 0,
    column: labelColumn(
      halted.map(({ name }) => cleanLine(name)),
      nameAtMost,
    ),
    width,
  }
  const lines = halted.flatMap(({ name, why }) => {
    const label = cleanLine(name)
    const [first = '', ...rest] = labelled(label, `halted: ${cleanLine(why)}`, columns)
    return [paint('strong', label) + first.slice(label.length), ...rest]
  })
  if (stopped === null) return lines
  const [first = '', ...rest] = hang('! ', `stopped: ${cleanLine(stopped.reason)}`, width)
  return [...lines, paint('bad', '!') + first.slice(1), ...rest]
}

function hostBlocks(state: RunState, options: ReportOptions, paint: Paint): readonly (readonly string[])[] {
  const hosts = [...state.hosts.values()]
  const entries = entriesOf(hosts)
  const labels = entries.map(({ hosts: [first], hosts: all }) =>
    all.length === 1 ? cleanLine(first?.host ?? '') : counted(all.length, 'host'),
  )
  const look: EntryLook = {
    paint,
    columns: { indent: 2, column: labelColumn(labels, nameAtMost), width: options.width },
    isLong: options.verbose || hosts.filter(needsEntry).length <= shownWholeAtMost,
    tails: options.tails,
  }
  const advised = new Set<string>()
  return entries.map((entry) => {
    const [only] = entry.hosts
    const host = entry.hosts.length === 1 && only !== undefined ? cleanLine(only.host) : null
    const { code, text } = adviceOf(entry.outcome, { run: shortRun(state.run), host })
    const isNew = !advised.has(code)
    advised.add(code)
    return entryLines(entry, isNew ? text : '', look)
  })
}

/** Hosts that nothing was done to, folded by the reason; a reason that stands above is not said again. */
function leftOut(state: RunState, { width, verbose }: ReportOptions, paint: Paint): readonly string[] {
  const groups = new Map<string, { readonly what: string; readonly why: string; readonly names: string[] }>()
  for (const host of state.hosts.values()) {
    const left = leftOutAs(host)
    if (left === null) continue
    const group = groups.get(JSON.stringify(left))
    if (group === undefined) groups.set(JSON.stringify(left), { ...left, names: [cleanLine(host.host)] })
    else group.names.push(cleanLine(host.host))
  }
  const said = saidAbove(state)
  return [...groups.values()].flatMap(({ what, why, names }) => {
    const head = `${what} (${names.length}): `
    const [first = '', ...rest] = hang('  ', `${head}${someOf(names, verbose)}`, width)
    const reason = why === '' || said.has(why) ? [] : hang('  ', why, width)
    return [paint('faint', head) + first.slice(2 + head.length), ...rest, ...reason]
  })
}

function saidAbove({ waves, stopped }: RunState): ReadonlySet<string> {
  const halts = waves.map(({ name, halted }) => `wave ${cleanLine(name)} halted: ${cleanLine(halted ?? '')}`)
  return new Set([...halts, ...(stopped === null ? [] : [cleanLine(stopped.reason)])])
}

function leftOutAs({ ending, waiting }: HostRun): { readonly what: string; readonly why: string } | null {
  if (ending === null) return { what: 'not started', why: cleanLine(waiting ?? '') }
  if (ending.type === 'host.cancelled') return { what: 'not started', why: cleanLine(ending.reason) }
  return ending.type === 'host.skipped' && ending.cause === 'unreachable'
    ? { what: 'skipped, unreachable', why: cleanLine(ending.reason) }
    : null
}
