import { closeSync, fstatSync, readSync } from 'node:fs'
import { openOwnFile } from '../files/own-file.ts'

/** Bytes at the end of a file that are looked at. */
const looked = 64 * 1024

/** The last lines of a log that fleet wrote, however long it is; a line longer than what is read loses its beginning. */
export function lastLines(path: string, count: number): readonly string[] {
  const file = openOwnFile(path)
  if (file === null) return []
  try {
    const { size } = fstatSync(file)
    const buffer = Buffer.alloc(Math.min(size, looked))
    const read = readSync(file, buffer, 0, buffer.length, size - buffer.length)
    const lines = buffer.toString('utf8', 0, read).split('\n')
    if (lines.at(-1) === '') lines.pop()
    const isCut = size > looked && lines.length > 1
    return lines.slice(isCut ? 1 : 0).slice(-count)
  } finally {
    closeSync(file)
  }
}
