const form = /^(?=\d)(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?$/
const units = [
  { name: 'd', ms: 86_400_000 },
  { name: 'h', ms: 3_600_000 },
  { name: 'm', ms: 60_000 },
  { name: 's', ms: 1000 },
  { name: 'ms', ms: 1 },
] as const

/** The longest duration fleet takes, in milliseconds (14 days): Node's timers fire at once beyond 24.8 days. */
export const longestDurationMs = 14 * units[0].ms

/** Milliseconds of `30s`, `10m` or `1h30m`; null: no such duration, or longer than `longestDurationMs`. */
export function parseDuration(text: string): number | null {
  const parts = form.exec(text)
  if (parts === null) return null
  const total = units.reduce((sum, unit, index) => sum + Number(parts[index + 1] ?? 0) * unit.ms, 0)
  return total <= longestDurationMs ? total : null
}

/** Milliseconds of a duration that the schema has accepted; any other is a bug. */
export function milliseconds(text: string): number {
  const value = parseDuration(text)
  if (value === null) throw new Error(`bug: the schema let the duration ${text} through`)
  return value
}

/** The shortest text that `parseDuration` reads back: `90000` is `1m30s`, `0` is `0s`. */
export function formatDuration(milliseconds: number): string {
  let rest = Math.round(milliseconds)
  let text = ''
  for (const unit of units) {
    const amount = Math.floor(rest / unit.ms)
    if (amount > 0) text += `${amount}${unit.name}`
    rest -= amount * unit.ms
  }
  return text === '' ? '0s' : text
}
