import type { Readable } from 'node:stream'
import { StringDecoder } from 'node:string_decoder'
import { LineCutter } from '../model/text/line-cutter.ts'

/** What a program says on one of its streams, as far as it is kept. */
export interface KeptOutput {
  /** All of it until now, or its first `maxBytes`. */
  text(): string
  /** Whether it said more than that. */
  isTooMuch(): boolean
  /** Tells an unfinished last line: nothing more comes. */
  end(): void
}

/** What is done with a stream. */
export interface Keeping {
  readonly maxBytes: number
  /** Called for each line, kept to its first 4,096 characters. */
  readonly onLine?: (line: string) => void
  /** Called once, when there is more; the stream is closed then. */
  readonly onTooMuch: () => void
}

/** Keeps what a stream says; each byte is looked at once. */
export function keepOutput(stream: Readable | null, { maxBytes, onLine, onTooMuch }: Keeping): KeptOutput {
  const parts: string[] = []
  // A chunk may end within a letter.
  const decoder = new StringDecoder('utf8')
  const lines = onLine === undefined ? null : new LineCutter(onLine)
  let bytes = 0
  const add = (text: string) => {
    parts.push(text)
    lines?.push(text)
  }
  stream?.on('data', (chunk: Buffer) => {
    if (bytes > maxBytes) return
    const room = maxBytes - bytes
    bytes += chunk.length
    add(decoder.write(chunk.length > room ? chunk.subarray(0, room) : chunk))
    if (bytes <= maxBytes) return
    stream.destroy()
    onTooMuch()
  })
  return {
    text: () => parts.join(''),
    isTooMuch: () => bytes > maxBytes,
    end() {
      add(decoder.end())
      lines?.end()
    },
  }
}
