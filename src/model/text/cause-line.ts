/** What a program meets that no retry and no rollback gets past; each is the cause of whatever is printed after it. */
const exhausted =
  /no space left on device|read-only file system|disk quota exceeded|cannot allocate memory|out of memory|input\/output error/i
const wrong = /fail|error|cannot|could not|denied/i

/** The first line that names what ran out or broke below a program; null: none does. */
export function exhaustionIn(lines: readonly string[]): string | null {
  return lines.find((line) => exhausted.test(line))?.trim() ?? null
}

/**
 * What a program's output says went wrong: what ran out, where a line names that, and then the last line that speaks of a failure;
 * without one the last line. Empty: it printed nothing.
 */
export function causeIn(lines: readonly string[]): string {
  const full = lines.map((line) => line.trim()).filter((line) => line !== '')
  const last = full.findLast((line) => wrong.test(line)) ?? full.at(-1) ?? ''
  const cause = exhaustionIn(full)
  return cause === null || cause === last ? last : `${cause}; ${last}`
}
