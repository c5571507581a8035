import { closeSync, fstatSync, readSync } from 'node:fs'
import { StringDecoder } from 'node:string_decoder'
import { type JournalLine, journalLine } from '../../model/run/journal-line.ts'
import { withoutEnd } from '../../model/text/without-end.ts'
import { turnOfOthers } from '../turn.ts'
import { openOwnFile } from '../files/own-file.ts'

/** Bytes read at once. */
const chunk = 1024 * 1024
/** Bytes in which an end of a journal is looked for first. */
const edge = 64 * 1024
/** Bytes of a line; a run of ten thousand hosts begins with one of a megabyte. */
const longestLine = 16 * chunk

/** What is left of a journal: its facts. */
export interface JournalFile {
  readonly lines: readonly JournalLine[]
  /** Lines that could not be understood: half written, or not fleet's. */
  readonly unreadable: number
}

/**
 * The lines of a journal that tell a fact: what programs printed, which is nearly all of a long one, is passed over unread, but for
 * the last line. Others get their turn after each megabyte. A file that is not there, or not fleet's own, has none.
 */
export async function readJournal(file: string): Promise<JournalFile> {
  const lines: JournalLine[] = []
  let [read, unreadable] = [0, 0]
  let printed: string | null = null
  for (const text of textsOf(file, chunk)) {
    read += text?.length ?? longestLine
    if (read > chunk) {
      read = 0
      await turnOfOthers()
    }
    printed = text !== null && isOutput(text) ? text : null
    if (printed !== null) continue
    const line = text === null ? null : journalLine(text)
    if (line === null) unreadable += 1
    else lines.push(line)
  }
  const last = printed === null ? null : journalLine(printed)
  return last === null ? { lines, unreadable } : { lines: [...lines, last], unreadable }
}

/** Told by its beginning: what was printed stands behind that, and its quotes are escaped. */
function isOutput(text: string): boolean {
  return text.slice(0, 300).includes('"type":"host.output"')
}

/** The first and the last line of a journal, whatever is between them; null where they cannot be understood. */
export function readEdges(file: string): { readonly first: JournalLine | null; readonly last: JournalLine | null } {
  const [first = null] = textsOf(file, edge)
  const last = lastText(file)
  return { first: first === null ? null : journalLine(first), last: last === null ? null : journalLine(last) }
}

/** The last line, found from the end: more is read only where the line is longer. */
function lastText(file: string): string | null {
  const descriptor = openOwnFile(file)
  if (descriptor === null) return null
  try {
    const { size } = fstatSync(descriptor)
    for (let tail = edge; ; tail *= 4) {
      const buffer = Buffer.alloc(Math.min(tail, size))
      const bytes = readSync(descriptor, buffer, 0, buffer.length, size - buffer.length)
      const text = withoutEnd(buffer.toString('utf8', 0, bytes), '\n')
      const start = text.lastIndexOf('\n') + 1
      if (start > 0 || buffer.length === size) return text === '' ? null : text.slice(start)
      if (tail > longestLine) return null
    }
  } finally {
    closeSync(descriptor)
  }
}

/** The file line by line, so many bytes read at once; null for a line that is too long. */
function* textsOf(file: string, step: number): Generator<string | null> {
  const descriptor = openOwnFile(file)
  if (descriptor === null) return
  try {
    const decoder = new StringDecoder('utf8')
    const buffer = Buffer.alloc(step)
    let position = 0
    let rest = ''
    let isTooLong = false
    for (;;) {
      const bytes = readSync(descriptor, buffer, 0, step, position)
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
