const named = /^warning: the following units failed: (.+)$/
/** What systemctl says of a unit that it could not start, stop or reload, whether or not that unit counts as failed then. */
const jobs = [
  /^Job for (\S+) (?:failed|canceled|timed out)/,
  /^Failed to (?:start|stop|restart|reload) (\S+\.[a-z]+)\b/,
]

/**
 * The units of an activation that ended with 4, where each of them had failed before it; null: another has failed, or none
 * was named. switch-to-configuration names every failed unit, however long it has been so (nixpkgs#312297).
 */
export function oldFailures(lines: readonly string[], failedBefore: readonly string[]): readonly string[] | null {
  const units = lines.flatMap((line) => {
    const list = named.exec(line)?.[1]?.split(', ') ?? []
    return [...list, ...jobs.flatMap((job) => job.exec(line)?.[1] ?? [])]
  })
  const known = new Set(failedBefore)
  return lines.some((line) => named.test(line)) && units.every((unit) => known.has(unit)) ? [...new Set(units)] : null
}
