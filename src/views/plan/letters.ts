/** The letters of a change by its place among the changes: `A` to `Z`, then `AA`, `AB` and so on. */
export function letterOf(index: number): string {
  const last = String.fromCharCode(65 + (index % 26))
  return index < 26 ? last : letterOf(Math.floor(index / 26) - 1) + last
}
