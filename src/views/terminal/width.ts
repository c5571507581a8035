import { createRequire } from 'node:module'
import type StringWidth from 'string-width'

/** Text whose every character is one column wide: ASCII, Latin-1, and the marks, arrows, lines and spinners that fleet draws. */
const simple =
  /^[\x20-\x7E\xA0-\xAC\xAE-\xFF\u2010-\u2027\u2190-\u21FF\u2200-\u22FF\u2500-\u257F\u2713\u2717\u2800-\u28FF]*$/

/** Columns that a text takes in a terminal; the text must hold no escape sequences. */
export function displayWidth(text: string): number {
  return simple.test(text) ? text.length : measure(text)
}

let stringWidth: typeof StringWidth | null = null

/** Loads the measuring package with the first text that needs it: its tables would double the time in which a command starts. */
function measure(text: string): number {
  stringWidth ??= (createRequire(import.meta.url)('string-width') as { default: typeof StringWidth }).default
  return stringWidth(text)
}

/**
 * The text in at most so many columns; what is cut off is marked by `…`. What is drawn as one sign is kept or cut as one. Of a long
 * text only what is kept is measured.
 */
export function truncate(text: string, columns: number): string {
  if (columns < 1) return displayWidth(text) <= columns ? text : ''
  let kept = ''
  let room = columns - 1
  let isFull = false
  for (const sign of signsOf(text)) {
    const width = displayWidth(sign)
    isFull ||= width > room
    room -= width
    // The last column is the mark's, unless nothing is left to cut off.
    if (room < -1) return `${kept.trimEnd()}…`
    if (!isFull) kept += sign
  }
  return text
}

let segmenter: Intl.Segmenter | null = null

/** Letters with their accents, flags and the like, each whole. */
function* signsOf(text: string): Generator<string> {
  segmenter ??= new Intl.Segmenter()
  for (const { segment } of segmenter.segment(text)) yield segment
}

/** The text followed by spaces up to so many columns. */
export function pad(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - displayWidth(text)))
}

/** A space at which no line is broken: keeps a name and its version together. */
export const hardSpace = '\u00A0'

/** Two spaces that `wrap` keeps, and may break at. */
export const gap = `${hardSpace} `

/**
 * Lines of at most so many columns, broken at spaces (never at a `hardSpace`). A word that is longer, such as a store path,
 * keeps a line to itself, whole.
 */
export function wrap(text: string, columns: number): readonly string[] {
  return text.split('\n').flatMap((paragraph) => wrapParagraph(paragraph, columns))
}

function wrapParagraph(paragraph: string, columns: number): readonly string[] {
  const lines: string[] = []
  let line = ''
  let used = 0
  for (const word of paragraph.split(' ').filter((part) => part !== '')) {
    const width = displayWidth(word)
    if (line === '' || used + 1 + width <= columns) {
      used += line === '' ? width : 1 + width
      line = line === '' ? word : `${line} ${word}`
    } else {
      lines.push(line)
      line = word
      used = width
    }
  }
  return [...lines, line].map((text) => text.replaceAll(hardSpace, ' ').trimEnd())
}

/** A block whose first line starts with `head` and whose later lines are indented as far as the head is wide. */
export function hang(head: string, text: string, columns: number): readonly string[] {
  const indent = displayWidth(head)
  return wrap(text, Math.max(20, columns - indent)).map((line, index) =>
    (index === 0 ? head + line : ' '.repeat(indent) + line).trimEnd(),
  )
}
