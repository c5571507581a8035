import type { Place } from '../diagnostic.ts'

/** Characters of a line that a place carries: a file of one line shall not fill the screen. */
const shownWidth = 160

/** The place of a value in a JSON text, by the steps that lead there; where the path is not there, of the last step that is. */
export function placeInJson(file: string, text: string, path: readonly string[]): Place {
  const reader = new Reader(text)
  reader.skipBlanks()
  for (const step of path) if (!reader.enter(step)) break
  const start = reader.at
  reader.skipValue()
  return placeAtOffset(file, text, start, reader.at - start)
}

/** The place of an offset in a text; of a very long line a part is shown. */
export function placeAtOffset(file: string, text: string, offset: number, length = 1): Place {
  const at = Math.max(0, Math.min(offset, text.length))
  const start = text.lastIndexOf('\n', at - 1) + 1
  const end = text.indexOf('\n', at)
  const line = text.slice(start, end < 0 ? text.length : end)
  const column = at - start
  const from = line.length <= shownWidth ? 0 : Math.max(0, Math.min(column - 40, line.length - shownWidth))
  const shown = line.slice(from, from + shownWidth)
  return {
    file,
    line: countLines(text, start) + 1,
    column: column - from + 1,
    length: Math.max(1, Math.min(length, shown.length - (column - from))),
    text: shown,
  }
}

function countLines(text: string, end: number): number {
  let count = 0
  for (let at = text.indexOf('\n'); at >= 0 && at < end; at = text.indexOf('\n', at + 1)) count += 1
  return count
}

/** Walks a text that is known to be JSON. */
class Reader {
  at = 0
  readonly #text: string

  constructor(text: string) {
    this.#text = text
  }

  skipBlanks(): void {
    while (/[\s,:]/.test(this.#text[this.at] ?? 'x')) this.at += 1
  }

  /** Moves to the value under a key, or at an index; false, and unmoved, where there is none. */
  enter(step: string): boolean {
    const before = this.at
    const opened = this.#text[this.at]
    if (opened !== '{' && opened !== '[') return false
    this.at += 1
    for (let index = 0; ; index++) {
      this.skipBlanks()
      const here = this.#text[this.at]
      if (here === undefined || here === '}' || here === ']') break
      let name = String(index)
      if (opened === '{') {
        const start = this.at
        this.skipValue()
        name = JSON.parse(this.#text.slice(start, this.at)) as string
        this.skipBlanks()
      }
      if (name === step) return true
      this.skipValue()
    }
    this.at = before
    return false
  }

  skipValue(): void {
    let depth = 0
    do {
      this.skipBlanks()
      const here = this.#text[this.at]
      if (here === undefined) return
      if (here === '"') this.#skipString()
      else if (here === '{' || here === '[') {
        depth += 1
        this.at += 1
      } else if (here === '}' || here === ']') {
        depth -= 1
        this.at += 1
      } else while (/[^\s,:\]}]/.test(this.#text[this.at] ?? ' ')) this.at += 1
    } while (depth > 0)
  }

  #skipString(): void {
    this.at += 1
    while (this.at < this.#text.length && this.#text[this.at] !== '"') this.at += this.#text[this.at] === '\\' ? 2 : 1
    this.at += 1
  }
}
