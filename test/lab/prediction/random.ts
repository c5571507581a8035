/** A source of chance that gives the same for the same seed (the generator is Marsaglia's xorshift with 32 bits). */
export class Random {
  #state: number

  constructor(seed: number) {
    this.#state = Math.imul(seed | 1, 0x9e3779b1) | 1
    for (let warm = 0; warm < 8; warm++) this.below(2)
  }

  /** A whole number from 0 to `end`, `end` left out. */
  below(end: number): number {
    this.#state ^= this.#state << 13
    this.#state ^= this.#state >>> 17
    this.#state ^= this.#state << 5
    return Math.floor(((this.#state >>> 0) / 4294967296) * end)
  }

  oneOf<T>(list: readonly T[]): T {
    const found = list[this.below(list.length)]
    if (found === undefined) throw new Error('Nothing to choose from.')
    return found
  }

  /** True once in so many times. */
  once(inTimes: number): boolean {
    return this.below(inTimes) === 0
  }
}
