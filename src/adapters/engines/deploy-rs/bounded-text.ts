/** Characters that are kept of a long text, at its beginning and at its end. */
const [head, tail] = [1024 * 1024, 4 * 1024 * 1024]

/** A text that grows without bounds, of which the beginning and the end are kept. */
export class BoundedText {
  #head = ''
  #tail = ''

  add(text: string): void {
    const room = Math.max(0, head - this.#head.length)
    this.#head += text.slice(0, room)
    this.#tail += text.slice(room)
    // Twice its length, so that it is not cut anew at every addition.
    if (this.#tail.length > 2 * tail) this.#tail = this.#tail.slice(-tail)
  }

  /** What is kept: where the middle is left out, the end begins with a whole line. */
  toString(): string {
    if (this.#tail.length <= tail) return this.#head + this.#tail
    const end = this.#tail.slice(-tail)
    return `${this.#head}\n${end.slice(end.indexOf('\n') + 1)}`
  }
}
