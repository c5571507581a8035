import type { Doctor, Finding } from '../../model/host/doctor-schema.ts'
import { cleanLine } from '../../model/text/text.ts'
import { counted } from '../terminal/amounts.ts'
import { labelColumn, labelled } from '../terminal/labelled.ts'
import { type Paint, paintFor } from '../terminal/paint.ts'
import { hang } from '../terminal/width.ts'

/** How it is written. */
export interface DoctorTextOptions {
  readonly color: boolean
  readonly width: number
  /** Every line of hosts that are well, too. */
  readonly verbose: boolean
}

const marks = { ok: ' ', problem: '!', unknown: '?' } as const

/** What was found as one table: this machine whole, of the hosts what is wrong, and those that are well in one line. */
export function doctorText({ fleet, findings, ready }: Doctor, options: DoctorTextOptions): string {
  const { color, width, verbose } = options
  const paint = paintFor(color)
  const hosts = [...new Set(findings.flatMap(({ host }) => (host === null ? [] : [host])))]
  const of = (name: string | null) => findings.filter(({ host }) => host === name)
  const isWell = (name: string) => of(name).every(({ state }) => state === 'ok')
  const shown = hosts.filter((name) => verbose || !isWell(name))
  const column = labelColumn(
    findings.map(({ about }) => about),
    14,
  )
  const block = (title: string, lines: readonly Finding[]) => [
    paint('strong', title),
    ...lines.flatMap((line) => findingLines(line, column, width, paint)),
  ]
  const well = verbose ? [] : hosts.filter(isWell)
  const blocks = [
    block(`${cleanLine(fleet)}: this machine`, of(null)),
    ...shown.map((name) => block(cleanLine(name), verbose ? of(name) : of(name).filter(({ state }) => state !== 'ok'))),
    ...(well.length === 0 ? [] : [hang('', `Ready: ${well.map(cleanLine).join(', ')}.`, width)]),
    [paint('strong', verdictOf(findings, ready))],
  ]
  return `${blocks.map((lines) => lines.join('\n')).join('\n\n')}\n`
}

function findingLines(
  { about, state, says, next }: Finding,
  column: number,
  width: number,
  paint: Paint,
): readonly string[] {
  const [first = '', ...rest] = labelled(about, cleanLine(says), { indent: 4, column, width })
  const mark = marks[state]
  const role = state === 'problem' ? 'bad' : state === 'unknown' ? 'warning' : 'good'
  return [
    `  ${paint(role, mark)}${first.slice(3)}`,
    ...rest,
    ...(next === null ? [] : labelled('', `→ ${cleanLine(next)}`, { indent: 4, column, width })),
  ]
}

/** The last line; its wording is fixed. */
function verdictOf(findings: readonly Finding[], ready: boolean): string {
  const problems = findings.filter(({ state }) => state === 'problem')
  const stopping = problems.filter(({ stops }) => stops)
  if (!ready)
    return `Doctor: ${counted(stopping.length, 'problem')} would stop an apply, ${problems.length - stopping.length} more.`
  return problems.length === 0 ? 'Doctor: ready.' : `Doctor: ready, with ${counted(problems.length, 'problem')}.`
}
