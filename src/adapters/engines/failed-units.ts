const named = /^warning: the following units failed: (.+)$/
/** What systemctl says of a unit that it could not start, stop or reload, whether or not that unit counts as failed then. */
const jobs = [
  /^Job for (\S+) (?:failed|canceled|timed out)/,
  /^Failed to (?:start|stop|restart|reload) (\S+\.[a-z]+)\b/,
]

/** What is said of an activation script that failed: its code, 2, gives way to the 4 of a failed unit. */
const script = /^Failed to run activate script|^Activation script snippet .{0,300} failed/

/**
 * The units of an activation that ended with 4, where each of them had failed before it; null: another has failed, or the
 * activation script, or none was named. switch-to-configuration names every failed unit, however long it has been so (nixpkgs#312297).
 */
export function oldFailures(lines: readonly string[], failedBefore: readonly string[]): readonly string[] | null {
  if (lines.some((line) => script.test(line))) return null
  const units = lines.flatMap((line) => {
    const list = named.exec(line)?.[1]?.split(', ') ?? []
    return [...list, ...jobs.flatMap((job) => job.exec(line)?.[1] ?? [])]
  })
  const known = new Set(failedBefore)
  return lines.some((line) => named.test(line)) && units.every((unit) => known.has(unit)) ? [...new Set(units)] : null
}
