const combining = /[\p{Mn}\p{Me}]/u
const wide =
  /[\p{Emoji_Presentation}\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\u3000-\u303E\uFE30-\uFE6F\uFF01-\uFF60\uFFE0-\uFFE6]/u

/** Columns that a text takes in a terminal; the text must hold no escape sequences. */
export function displayWidth(text: string): number {
  if (/^[\x20-\x7E]*$/.test(text)) return text.length
  let columns = 0
  for (const character of text) columns += widthOf(character)
  return columns
}

function widthOf(character: string): number {
  if (combining.test(character)) return 0
  return wide.test(character) ? 2 : 1
}

/** The text in at most so many columns; what is cut off is marked by `…`. */
export function truncate(text: string, columns: number): string {
  if (displayWidth(text) <= columns) return text
  let kept = ''
  let used = 1
  for (const character of text) {
    used += widthOf(character)
    if (used > columns) break
    kept += character
  }
  return columns < 1 ? '' : `${kept.trimEnd()}…`
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
  for (const word of paragraph.split(' ').filter((part) => part !== '')) {
    const longer = line === '' ? word : `${line} ${word}`
    if (line === '' || displayWidth(longer) <= columns) {
      line = longer
    } else {
      lines.push(line)
      line = word
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
