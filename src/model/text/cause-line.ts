/** What ran out or broke below a program: the cause of whatever is printed after it. */
const exhausted =
  /no space left on device|read-only file system|disk quota exceeded|cannot allocate memory|out of memory|input\/output error/i
/** How the activation script of NixOS names the part of it that failed (nixos/modules/system/activation/activation-script.nix). */
const snippet = /^Activation script snippet '.{1,200}' failed/
const wrong = /fail|error|cannot|could not|denied/i

/** The first line that names what ran out or broke below a program; null: none does. */
export function exhaustionIn(lines: readonly string[]): string | null {
  return lines.find((line) => exhausted.test(line))?.trim() ?? null
}

/**
 * What a program's output says went wrong: what ran out or which part failed, where a line names that, and then the last line that speaks of a failure;
 * without one the last line. Empty: it printed nothing.
 */
export function causeIn(lines: readonly string[]): string {
  const full = lines.map((line) => line.trim()).filter((line) => line !== '')
  const last = full.findLast((line) => wrong.test(line)) ?? full.at(-1) ?? ''
  const cause = exhaustionIn(full) ?? full.find((line) => snippet.test(line)) ?? null
  return cause === null || cause === last ? last : `${cause}; ${last}`
}
