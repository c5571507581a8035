/** Characters of a line that are kept: what follows is for nobody to read, and one line must not fill a screen or a disk. */
export const longestLine = 4096

/** Cuts a stream of text into lines, each kept to its first 4,096 characters; it costs the same however the text comes in. */
export class LineCutter {
  #line = ''
  #isCut = false
  readonly #onLine: (line: string) => void

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine
  }

  /** Hands over the lines that end in `text`. */
  push(text: string): void {
    let from = 0
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', from)) {
      this.#add(text, from, at)
      this.#tell()
      from = at + 1
    }
    this.#add(text, from, text.length)
  }

  /** Hands over a last line that no line feed ended. */
  end(): void {
    if (this.#line !== '') this.#tell()
  }

  #add(text: string, from: number, to: number): void {
    const room = longestLine - this.#line.length
    this.#line += text.slice(from, Math.min(to, from + room))
    this.#isCut ||= to - from > room
  }

  #tell(): void {
    const line = this.#isCut ? `${this.#line} … (line cut)` : this.#line
    this.#line = ''
    this.#isCut = false
    this.#onLine(line)
  }
}
