/**
 * The lines of an answer between the lines `BEGIN NONCE` and `END NONCE`; null: one of them is missing. The nonce
 * keeps what a login shell prints, or what a host would like to say beside it, from being taken for the answer.
 */
export function framed(stdout: string, begin: string, end: string, nonce: string): readonly string[] | null {
  const lines = stdout.split('\n')
  const first = lines.indexOf(`${begin} ${nonce}`)
  const last = lines.indexOf(`${end} ${nonce}`)
  return first < 0 || last < first ? null : lines.slice(first + 1, last)
}
