/** Seconds since 1970 as RFC 3339, UTC; null for what no calendar has, which a file of others may hold. */
export function timeOfUnix(seconds: number): string | null {
  const date = new Date(seconds * 1000)
  return Number.isNaN(date.getTime()) ? null : date.toISOString().replace('.000Z', 'Z')
}
