import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs'

/** What a file may lack to be read: it is not there, it is no file, or it is a link. */
const absent = ['ENOENT', 'ENOTDIR', 'EISDIR', 'ELOOP', 'ENXIO', 'ENODEV']

/**
 * Opens a file that fleet itself wrote, for reading; the caller closes the descriptor. Null where there is none: a link, a
 * pipe or another user's file is not fleet's own, whatever it holds. Throws what else the system says (EACCES, EIO).
 */
export function openOwnFile(file: string): number | null {
  try {
    // Not waiting for a writer where somebody has put a pipe in its place.
    const descriptor = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
    const about = fstatSync(descriptor)
    if (about.isFile() && about.uid === process.geteuid?.()) return descriptor
    closeSync(descriptor)
    return null
  } catch (error) {
    if (absent.includes((error as NodeJS.ErrnoException).code ?? '')) return null
    throw error
  }
}

/** The bytes of a file that fleet itself wrote; null where there is none (`openOwnFile`), or more than `maxBytes`. */
export function readOwnFile(file: string, maxBytes: number): Buffer | null {
  const descriptor = openOwnFile(file)
  if (descriptor === null) return null
  try {
    return fstatSync(descriptor).size > maxBytes ? null : readFileSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}
