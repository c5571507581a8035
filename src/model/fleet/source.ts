import type { Place } from '../diagnostic.ts'

/** Offsets into a text, `end` exclusive. */
export interface Span {
  readonly start: number
  readonly end: number
}

/** Where one value of a document stands; null: the root has no key, list items have none either, and a value may be left empty. */
export interface Spot {
  readonly key: Span | null
  readonly value: Span | null
}

/** A text and where in it everything stands, by JSON pointer. */
export interface Source {
  readonly file: string
  readonly text: string
  readonly lineStarts: readonly number[]
  readonly spots: ReadonlyMap<string, Spot>
}

/** The JSON pointer (RFC 6901) of a path. */
export function pointer(...path: readonly (string | number)[]): string {
  return path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
}

/** The path of a JSON pointer, every step as text. */
export function pathOf(at: string): string[] {
  return at
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
}

/** The JSON pointer of what holds this; the root holds itself. */
export function parentOf(at: string): string {
  return at.slice(0, Math.max(0, at.lastIndexOf('/')))
}

/** Offsets at which lines begin. */
export function lineStartsOf(text: string): number[] {
  return [0, ...Array.from(text.matchAll(/\n/g), (match) => match.index + 1)]
}

/** The place of the key, or of the value where there is no key; what was never written is looked for in what would hold it. */
export function placeOfKey(source: Source, at: string): Place {
  const spot = source.spots.get(at)
  if (spot === undefined)
    return at === '' ? placeOfSpan(source, { start: 0, end: 0 }) : placeOfKey(source, parentOf(at))
  return placeOfSpan(source, spot.key ?? spot.value ?? { start: 0, end: 0 })
}

/** The place of the value; of the key where the value is empty, spans lines, or was never written. */
export function placeOfValue(source: Source, at: string): Place {
  const value = source.spots.get(at)?.value
  if (value == null || source.text.slice(value.start, value.end).trimEnd().includes('\n')) return placeOfKey(source, at)
  return placeOfSpan(source, value)
}

/** The place of a span: the part of it that is on its first line. */
export function placeOfSpan(source: Source, span: Span): Place {
  const line = lineIndex(source.lineStarts, span.start)
  const start = source.lineStarts[line] ?? 0
  const text = source.text.slice(start, source.lineStarts[line + 1] ?? source.text.length).replace(/\r?\n$/, '')
  const column = span.start - start
  const length = text.slice(column, Math.max(column, span.end - start)).trimEnd().length
  return { file: source.file, line: line + 1, column: column + 1, length: Math.max(1, length), text }
}

function lineIndex(lineStarts: readonly number[], offset: number): number {
  let low = 0
  let high = lineStarts.length - 1
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if ((lineStarts[middle] ?? 0) <= offset) low = middle
    else high = middle - 1
  }
  return low
}
