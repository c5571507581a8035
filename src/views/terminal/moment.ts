/** The time of a moment, to the second, with its zone: `10:15:30 UTC`. Milliseconds since the epoch. */
export function timeOfDay(at: number): string {
  return `${new Date(at).toISOString().slice(11, 19)} UTC`
}
