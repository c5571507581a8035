import { type Checked, type CheckedOne, healthOf, type ReadyMade } from '../../model/plan/checked.ts'
import { cleanLine } from '../../model/text/text.ts'
import { counted } from '../terminal/amounts.ts'
import { type Paint, paintFor, type Role } from '../terminal/paint.ts'
import { displayWidth, hang, pad } from '../terminal/width.ts'

export interface ChecksStyle {
  readonly color: boolean
  readonly width: number
  /** Only what is not healthy; the sum is of all. */
  readonly quiet?: boolean
}

/** What checks said, as a table: a row for each, a host's name once, and the sum at the end. */
export function checksText(checked: readonly Checked[], { color, width, quiet = false }: ChecksStyle): string {
  const paint = paintFor(color)
  const names = widest(checked.map(nameOf))
  const checks = widest(checked.flatMap((one) => one.checks.map(({ check }) => cleanLine(check))))
  const shown = checked.filter((one) => !quiet || healthOf(one) !== 'healthy')
  const rows = shown.flatMap((one) => rowsOf(one, { names, checks, width, paint }))
  return [...rows, ...(rows.length === 0 ? [] : ['']), summary(checked, paint), ''].join('\n')
}

/** Columns of a state, and of the time that a check took. */
const [stateWidth, timeWidth] = ['no result'.length, 6]

interface Table {
  readonly names: number
  readonly checks: number
  readonly width: number
  readonly paint: Paint
}

function nameOf({ host, wave }: Checked): string {
  return cleanLine(host ?? `wave ${wave}`)
}

function rowsOf(one: Checked, { names, checks, width, paint }: Table): readonly string[] {
  if (one.checks.length === 0) return [`${pad(nameOf(one), names)}  no checks`]
  const rows = one.checks.flatMap((said, index) => {
    const { word, role } = stateOf(said)
    const head = `${pad(index === 0 ? nameOf(one) : '', names)}  ${pad(cleanLine(said.check), checks)}  ${pad(word, stateWidth)}  ${tookOf(said).padStart(timeWidth)}  `
    const [first = '', ...rest] = hang(head, cleanLine(said.message), width)
    // Painted after the line was broken: colours have no width.
    const at = displayWidth(head) - stateWidth - 2 - timeWidth - 2
    const end = at + word.length
    return [first.slice(0, at) + paint(role, first.slice(at, end)) + first.slice(end), ...rest]
  })
  const isWell = healthOf(one) === 'healthy'
  return isWell || one.note === null ? rows : [...rows, ...hang(`${pad('', names)}  `, cleanLine(one.note), width)]
}

function stateOf({ result, severity }: CheckedOne): { readonly word: string; readonly role: Role } {
  switch (result) {
    case 'pass':
      return { word: 'pass', role: 'good' }
    case 'fail':
      return severity === 'warn' ? { word: 'warn', role: 'warning' } : { word: 'fail', role: 'bad' }
    case 'error':
      return { word: 'no result', role: 'warning' }
    case 'pending':
      return { word: 'pending', role: 'warning' }
  }
}

function tookOf({ durationMs }: CheckedOne): string {
  return `${(durationMs / 1000).toFixed(1)}s`
}

function summary(checked: readonly Checked[], paint: Paint): string {
  const named = (health: ReturnType<typeof healthOf>) => checked.filter((one) => healthOf(one) === health).map(nameOf)
  const [well, ill, unknown] = [named('healthy'), named('unhealthy'), named('inconclusive')]
  const parts = [
    paint(ill.length + unknown.length === 0 ? 'good' : 'strong', `Healthy: ${well.length} of ${checked.length}.`),
  ]
  if (ill.length > 0) parts.push(paint('bad', `Unhealthy: ${ill.join(', ')}.`))
  const warned = checked.filter(
    (one) => healthOf(one) === 'healthy' && one.checks.some(({ result }) => result !== 'pass'),
  )
  if (warned.length > 0) parts.push(`With warnings: ${warned.map(nameOf).join(', ')}.`)
  if (unknown.length > 0) parts.push(paint('warning', `Health unknown: ${unknown.join(', ')}.`))
  return parts.join(' ')
}

/** The built-in checks, each with what passes it and the variables that can be set. */
export function readyMadeText(list: readonly ReadyMade[], { color, width }: ChecksStyle): string {
  const paint = paintFor(color)
  const names = widest(list.map(({ name }) => name))
  const rows = list.flatMap(({ name, description, vars }) => {
    const [first = '', ...rest] = hang(`${pad(name, names)}  `, description, width)
    const set = Object.entries(vars).map(([key, value]) => `${key}: "${value}"`)
    return [
      paint('strong', first.slice(0, name.length)) + first.slice(name.length),
      ...rest,
      ...(set.length === 0
        ? []
        : hang(`${pad('', names)}  `, set.join(', '), width).map((line) => paint('faint', line))),
    ]
  })
  return [
    ...rows,
    '',
    `${counted(list.length, 'built-in check')}; docs/how-to/health-checks.md shows how to use one.`,
    '',
  ].join('\n')
}

function widest(texts: readonly string[]): number {
  return texts.reduce((most, text) => Math.max(most, displayWidth(text)), 0)
}
