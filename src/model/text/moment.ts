/**
 * A moment in the one zone that fleet writes: `2026-11-22 10:15 UTC`. `at`: RFC 3339 in UTC; another text, as another program may
 * write it, stays as it is.
 */
export function moment(at: string): string {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(at) ? `${at.slice(0, 16).replace('T', ' ')} UTC` : at
}
