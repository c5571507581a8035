import { followsFrom } from '../../model/codes/codes.ts'
import { type Ending, isFailure } from '../../model/run/event.ts'
import type { RunFinished } from '../../model/run/event-schema.ts'
import type { HostRun, RunState } from '../../model/run/run.ts'
import { runSummary } from '../../model/run/run-summary.ts'
import { cleanLine } from '../../model/text/text.ts'
import { isStranded, markOf, markOfFate, tellFate } from './ending.ts'
import { type Paint, paintFor } from '../terminal/paint.ts'
import { gap, hang } from '../terminal/width.ts'

/** What a failing host printed last (20 lines are shown), and the file that has all of it. */
export interface Tail {
  readonly lines: readonly string[]
  readonly log: string | null
}

/** What the report needs beside the run itself. */
export interface ReportOptions {
  readonly color: boolean
  readonly width: number
  /** By host name; a host may be missing. */
  readonly tails: ReadonlyMap<string, Tail>
  /** The command to type next; null: there is none. */
  readonly next: string | null
}

const tailLength = 20
const namedAtMost = 12

/**
 * What an operator reads after a run: an entry per host that needs a look, then what to type, then the fixed last line.
 * The run must have finished.
 */
export function reportText(state: RunState, options: ReportOptions): string {
  const { finished } = state
  if (finished === null) throw new Error('bug: a report of a run that has not finished')
  const paint = paintFor(options.color)
  const hosts = [...state.hosts.values()]
  const troubles = hosts.flatMap((host) =>
    host.ending !== null && isFailure(host.ending) ? [{ host, ending: host.ending }] : [],
  )
  const blocks = [
    stranded(hosts, options.width, paint),
    ...troubles.map(({ host, ending }) => failureBlock(host.host, ending, options, paint)),
    ...hosts.map((host) => aftermathBlock(host, options, paint)),
    [...leftOut(state, options.width, paint), ...haltedWaves(state, options.width, paint)],
    options.next === null ? [] : [`Next: ${paint('strong', cleanLine(options.next))}`],
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

/** The loudest lines of all: hosts that run neither the one system nor the other in good health. */
function stranded(hosts: readonly HostRun[], width: number, paint: Paint): readonly string[] {
  const found = hosts.filter(isStranded).map(({ host }) => cleanLine(host))
  if (found.length === 0) return []
  const one = found.length === 1
  const text = `${namesOf(found)}: not restored to a healthy previous system. Look at ${one ? 'this host' : 'these hosts'} first.`
  return hang('!!! ', text, width).map((line) => paint('bad', line))
}

/** A host that had succeeded and was unhealthy or taken back afterwards. */
function aftermathBlock(host: HostRun, options: ReportOptions, paint: Paint): readonly string[] {
  if (host.unhealthy === null && host.reverted === null) return []
  const name = cleanLine(host.host)
  const { mark, role } = markOfFate(host)
  const told = hang(`${mark} ${name}  `, tellFate(host), options.width)
  const system = host.reverted?.system ?? null
  return [
    ...told.map((line, index) =>
      index === 0 ? line.replace(`${mark} ${name}`, () => `${paint(role, mark)} ${paint('strong', name)}`) : line,
    ),
    ...(system === null ? [] : hang('    ', `now running (verified): ${cleanLine(system)}`, options.width)),
    ...(host.reverted?.result === 'rolled-back' ? [] : tailBlock(options.tails.get(host.host), paint)),
  ]
}

function failureBlock(host: string, ending: Ending, options: ReportOptions, paint: Paint): readonly string[] {
  const name = cleanLine(host)
  const { mark, role } = markOf(ending)
  const told = hang(`${mark} ${name}  `, reasonOf(ending), options.width)
  const head = told.map((line, index) =>
    index === 0 ? line.replace(`${mark} ${name}`, () => `${paint(role, mark)} ${paint('strong', name)}`) : line,
  )
  const tail = options.tails.get(host)
  const log = tail?.log ?? null
  return [
    ...head,
    ...fateOf(ending).flatMap((sentence) => hang('    ', sentence, options.width)),
    ...tailBlock(tail, paint),
    ...(log === null ? [] : [`    log: ${cleanLine(log)}`]),
  ]
}

function reasonOf(ending: Ending): string {
  return ending.type === 'host.succeeded' ? '' : cleanLine(ending.reason)
}

/** What the host runs now: "verified" only where the host was asked and answered. */
function fateOf(ending: Ending): readonly string[] {
  switch (ending.type) {
    case 'host.rolled-back':
      return ending.system === null
        ? ['rolled back, as reported; what it runs now could not be verified']
        : [`rolled back; now running its previous system (verified): ${cleanLine(ending.system)}`]
    case 'host.failed':
      if (!ending.touched) return ['nothing was changed on this host']
      return ending.system === null
        ? ['what it runs now is unknown']
        : [`now running (verified): ${cleanLine(ending.system)}`, ...profileOf(ending)]
    case 'host.unknown':
      if (followsFrom(ending.code).health !== 'unsaid' && ending.lastKnown !== null)
        return [`now running (verified): ${cleanLine(ending.lastKnown)}`, 'health unknown: a check gave no result']
      return [
        ending.lastKnown === null
          ? 'state unknown: the host could not be asked what it runs'
          : `state unknown: last known to run ${cleanLine(ending.lastKnown)}`,
      ]
    case 'host.stale':
      return [
        'not touched: it changed since the plan was made',
        `expected: ${cleanLine(ending.expected)}`,
        `observed: ${cleanLine(ending.observed)}`,
      ]
    case 'host.succeeded':
    case 'host.skipped':
    case 'host.cancelled':
      return []
  }
}

function profileOf(ending: Ending & { readonly profile: string | null }): readonly string[] {
  return ending.profile === null ? [] : [`its system profile points at: ${cleanLine(ending.profile)}`]
}

function tailBlock(tail: Tail | undefined, paint: Paint): readonly string[] {
  const lines = tail?.lines.slice(-tailLength) ?? []
  if (lines.length === 0) return []
  return [
    lines.length < tailLength ? '    output:' : `    last ${lines.length} lines of output:`,
    ...lines.map((line) => `    ${paint('faint', '|')} ${cleanLine(line)}`.trimEnd()),
  ]
}

/** Hosts that nothing was done to, folded by the reason. */
function leftOut(state: RunState, width: number, paint: Paint): readonly string[] {
  const byReason = new Map<string, string[]>()
  for (const host of state.hosts.values()) {
    const reason = leftOutReason(host)
    if (reason === null) continue
    byReason.set(reason, [...(byReason.get(reason) ?? []), cleanLine(host.host)])
  }
  return [...byReason].flatMap(([reason, hosts]) => {
    const [first = '', ...rest] = hang('- ', `${namesOf(hosts)}${gap}${reason}`, width)
    return [paint('faint', '-') + first.slice(1), ...rest]
  })
}

function leftOutReason({ ending, waiting }: HostRun): string | null {
  if (ending === null) return `not started${waiting === null ? '' : `: ${cleanLine(waiting)}`}`
  if (ending.type === 'host.cancelled') return `not started: ${cleanLine(ending.reason)}`
  if (ending.type === 'host.skipped' && ending.cause === 'unreachable') return `skipped: ${cleanLine(ending.reason)}`
  return null
}

function namesOf(hosts: readonly string[]): string {
  const named = hosts.slice(0, namedAtMost).join(', ')
  return hosts.length > namedAtMost ? `${named} and ${hosts.length - namedAtMost} more` : named
}

/** Waves that halted though no host of theirs has failed: the entries above do not say why. */
function haltedWaves(state: RunState, width: number, paint: Paint): readonly string[] {
  return state.waves.flatMap((wave) => {
    if (wave.halted === null || wave.hosts.some(({ ending }) => ending !== null && isFailure(ending))) return []
    const [first = '', ...rest] = hang('! ', `wave ${cleanLine(wave.name)} halted: ${cleanLine(wave.halted)}`, width)
    return [paint('bad', '!') + first.slice(1), ...rest]
  })
}
