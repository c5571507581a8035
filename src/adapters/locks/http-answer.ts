import { cleanLine } from '../../model/text/text.ts'

/** Bytes of an answer that are read. */
const mostBytes = 65_536

/** The body of a lock server's answer; empty where it is longer than any record. */
export async function bodyOf(response: Response): Promise<string> {
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    size += part.length
    if (size > mostBytes) return ''
    parts.push(part)
  }
  return Buffer.concat(parts).toString('utf8')
}

/** `fetch failed` says nothing; its cause does, and holds no address but the host's. */
export function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  const { code, message } = cause as NodeJS.ErrnoException
  // An interrupt's code is a number.
  return cleanLine(typeof code === 'string' ? code : (message ?? String(cause)))
}
