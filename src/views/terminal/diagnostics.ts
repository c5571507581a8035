import { isKnown } from '../../model/codes/codes.ts'
import type { Diagnostic, Place, Severity } from '../../model/diagnostic.ts'
import { hidePasswords, maskCredentials } from '../../model/text/secret.ts'
import { cleanLine, cleanText } from '../../model/text/text.ts'
import { paintFor, type Paint, type Role } from './paint.ts'
import { displayWidth, wrap } from './width.ts'

const roles: Readonly<Record<Severity, Role>> = { error: 'bad', warning: 'warning', info: 'faint' }

/** Diagnostics as people read them: place, summary, the line with the spot underlined, the detail, and a closing count. */
export function diagnosticsText(
  diagnostics: readonly Diagnostic[],
  { color, width }: { readonly color: boolean; readonly width: number },
): string {
  if (diagnostics.length === 0) return ''
  const paint = paintFor(color)
  const blocks = diagnostics.map((one) => block(one, paint, width).join('\n'))
  return `${blocks.join('\n\n')}\n\n${[counts(diagnostics, paint), ...nextStep(diagnostics)].join('\n')}\n`
}

/** What explains the errors: those in a file show the place, and say there what is wrong with it. */
function nextStep(diagnostics: readonly Diagnostic[]): readonly string[] {
  const errors = diagnostics.filter(
    ({ severity, place, code }) => severity === 'error' && place === null && isKnown(code),
  )
  const [first, ...others] = new Set(errors.map(({ code }) => code))
  if (first === undefined) return []
  return [`Next: fleet explain ${first}${others.length === 0 ? '' : ' (and the other codes above)'}`]
}

function block(diagnostic: Diagnostic, paint: Paint, width: number): readonly string[] {
  const { code, severity, summary, place, host, detail } = diagnostic
  const at = place === null ? '' : `${cleanLine(place.file)}:${place.line}:${place.column}: `
  const about = host === null ? '' : `${cleanLine(host)}: `
  const mark = paint(roles[severity], `${severity}:`)
  const head = `${paint('strong', at + about)}${mark} ${paint('strong', cleanLine(summary))} ${paint('faint', `[${cleanLine(code)}]`)}`
  const spot = place === null ? { indent: 2, lines: [] } : excerpt(place, paint, roles[severity], width)
  const text = wrap(maskCredentials(cleanText(detail)), Math.max(20, width - spot.indent)).map(
    (line) => ' '.repeat(spot.indent) + line,
  )
  return [head, ...spot.lines, ...text.map((line) => line.trimEnd())]
}

/** The line of the place with its spot underlined, cut where it is wider than the screen. */
function excerpt(place: Place, paint: Paint, role: Role, width: number) {
  const gutter = ` ${place.line} │ `
  const room = Math.max(20, width - displayWidth(gutter))
  const start = place.column - 1
  const whole = hidePasswords(place.text)
  const spot = visible(whole.slice(start, start + place.length))
  const marks = Math.min(Math.max(1, displayWidth(spot)), room - 2)
  const before = lastColumns(visible(whole.slice(0, start)), Math.max(1, room - marks - 1))
  const after = visible(whole.slice(start + place.length))
  const line = firstColumns(before + spot + after, room)
  const bar = ' '.repeat(displayWidth(gutter) - 2) + '│ '
  const under = ' '.repeat(displayWidth(before)) + paint(role, '^'.repeat(marks))
  return { indent: displayWidth(gutter), lines: [paint('faint', gutter) + line, paint('faint', bar) + under] }
}

/** One line; a tab, which cleaning would make one space, is as wide as people see it. */
function visible(text: string): string {
  return cleanText(text.replaceAll('\t', '    ')).replaceAll('\n', ' ')
}

function firstColumns(text: string, columns: number): string {
  if (displayWidth(text) <= columns) return text.trimEnd()
  return `${fitting(Array.from(text), columns - 1).join('')}…`
}

function lastColumns(text: string, columns: number): string {
  if (displayWidth(text) <= columns) return text
  return `…${fitting(Array.from(text).toReversed(), columns - 1)
    .toReversed()
    .join('')}`
}

function fitting(characters: readonly string[], columns: number): readonly string[] {
  let used = 0
  const end = characters.findIndex((character) => (used += displayWidth(character)) > columns)
  return end < 0 ? characters : characters.slice(0, end)
}

/** "2 errors, 1 warning". */
function counts(diagnostics: readonly Diagnostic[], paint: Paint): string {
  const parts = (['error', 'warning', 'info'] as const).flatMap((severity) => {
    const count = diagnostics.filter((one) => one.severity === severity).length
    if (count === 0) return []
    const noun = severity === 'info' ? 'note' : severity
    return [paint(roles[severity], `${count} ${noun}${count === 1 ? '' : 's'}`)]
  })
  return parts.join(', ')
}
