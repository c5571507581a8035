import type { Readable } from 'node:stream'
import { type Diagnostic, diagnostic } from '../../model/diagnostic.ts'

/** Bytes of standard input that are read for names: far more than any fleet has. */
const mostBytes = 1024 ** 2

/** What `--on -` stands for: the selectors on standard input, or why there are none. */
export type Piped =
  | { readonly ok: true; readonly on: readonly string[] }
  | { readonly ok: false; readonly diagnostic: Diagnostic }

/** Puts the selectors on standard input, between blanks, commas or line ends, in the place of `-`. Lines that begin with # are passed over. */
export async function pipedNames(on: readonly string[], stdin: Readable, signal: AbortSignal): Promise<Piped> {
  const read = await textOf(stdin, signal)
  if ('unread' in read) return refused(`${read.unread}. Give one name or selector a line.`)
  const lines = read.text.split('\n').filter((line) => !line.trimStart().startsWith('#'))
  const names = lines.flatMap((line) => line.split(/[\s,]+/)).filter((name) => name !== '')
  // Nothing at all would select every host: the opposite of what an empty list means.
  if (names.length === 0) return refused('Standard input names no host. Give one name or selector a line.')
  return { ok: true, on: on.flatMap((selector) => (selector === '-' ? names : [selector])) }
}

function refused(detail: string): Piped {
  return { ok: false, diagnostic: diagnostic('usage/no-names', 'no names on standard input', detail) }
}

/** All of standard input, or why it cannot be had. */
async function textOf(stdin: Readable, signal: AbortSignal): Promise<{ text: string } | { unread: string }> {
  const chunks: Buffer[] = []
  let bytes = 0
  const stop = () => stdin.destroy()
  signal.addEventListener('abort', stop, { once: true })
  try {
    for await (const chunk of stdin) {
      const part = Buffer.from(chunk as Uint8Array | string)
      bytes += part.length
      if (bytes > mostBytes) return { unread: `Standard input has more than ${mostBytes} bytes` }
      chunks.push(part)
    }
    return signal.aborted ? { unread: 'It was interrupted' } : { text: Buffer.concat(chunks).toString('utf8') }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    return { unread: signal.aborted ? 'It was interrupted' : `Standard input cannot be read: ${why}` }
  } finally {
    signal.removeEventListener('abort', stop)
  }
}
