import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Makes the directory in which fleet keeps runs and caches, and tells git to ignore all of it, so that a plan never makes
 * the tree it was made from look different. Where it cannot be written, those who need it say so themselves.
 */
export function makeStateDirectory(directory: string): void {
  const ignore = join(directory, '.gitignore')
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 })
    if (!existsSync(ignore)) writeFileSync(ignore, '*\n')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (!['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST'].includes(code ?? '')) throw error
  }
}
