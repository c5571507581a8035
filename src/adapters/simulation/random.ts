/** Numbers from 0 to just below 1 that are the same for the same seed and name: what one host draws moves no other's. */
export function randomOf(seed: number, name: string): () => number {
  let state = seed >>> 0
  for (const character of name) state = (Math.imul(state, 31) + (character.codePointAt(0) ?? 0)) >>> 0
  return () => {
    // Mulberry32, a generator of 32 bits in the public domain.
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
