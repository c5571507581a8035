/** A moment in the one zone that fleet writes: `2026-11-22 10:15 UTC`. `at`: RFC 3339 in UTC. */
export function moment(at: string): string {
  return `${at.slice(0, 16).replace('T', ' ')} UTC`
}

/** The time of a moment, to the second, with its zone: `10:15:30 UTC`. Milliseconds since the epoch. */
export function timeOfDay(at: number): string {
  return `${new Date(at).toISOString().slice(11, 19)} UTC`
}
