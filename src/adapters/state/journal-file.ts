import { closeSync, fstatSync, readSync } from 'node:fs'
import { StringDecoder } from 'node:string_decoder'
import { type JournalLine, journalLine } from '../../model/run/journal-line.ts'
import { openOwnFile } from '../files/own-file.ts'

/** Bytes read at once. */
const chunk = 1024 * 1024
/** Bytes of a line; a run of ten thousand hosts begins with one of a megabyte. */
const longestLine = 16 * chunk

/** What is left of a journal. */
export interface JournalFile {
  readonly lines: readonly JournalLine[]
  /** Lines that could not be understood: half written, or not fleet's. */
  readonly unreadable: number
}

/** Every line of a journal; a file that is not there, or not fleet's own, has none. */
export function readJournal(file: string): JournalFile {
  const lines: JournalLine[] = []
  let unreadable = 0
  for (const text of textsOf(file, 0)) {
    const line = text === null ? null : journalLine(text)
    if (line === null) unreadable += 1
    else lines.push(line)
  }
  return { lines, unreadable }
}

/** The first and the last line of a journal, whatever is between them; null where they cannot be understood. */
export function readEdges(file: string): { readonly first: JournalLine | null; readonly last: JournalLine | null } {
  const [first = null] = textsOf(file, 0)
  let last: string | null = null
  // From somewhere near the end: where that is in the middle of a line, the line is half and not the last.
  for (const text of textsOf(file, longestLine)) last = text
  return { first: first === null ? null : journalLine(first), last: last === null ? null : journalLine(last) }
}

/** The file line by line, from `tail` bytes before its end (0: from its beginning); null for a line that is too long. */
function* textsOf(file: string, tail: number): Generator<string | null> {
  const descriptor = openOwnFile(file)
  if (descriptor === null) return
  try {
    const decoder = new StringDecoder('utf8')
    const buffer = Buffer.alloc(chunk)
    let position = tail === 0 ? 0 : Math.max(0, fstatSync(descriptor).size - tail)
    let rest = ''
    let isTooLong = false
    for (;;) {
      const bytes = readSync(descriptor, buffer, 0, chunk, position)
      if (bytes === 0) break
      position += bytes
      const parts = (rest + decoder.write(buffer.subarray(0, bytes))).split('\n')
      rest = parts.pop() ?? ''
      for (const part of parts) {
        if (part !== '' || isTooLong) yield isTooLong ? null : part
        isTooLong = false
      }
      if (rest.length > longestLine) [rest, isTooLong] = ['', true]
    }
    if (rest !== '' || isTooLong) yield isTooLong ? null : rest
  } finally {
    closeSync(descriptor)
  }
}
