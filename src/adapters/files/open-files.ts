import { closeSync, openSync, readFileSync } from 'node:fs'

/** How many files this process may have open, as Linux tells it (man 5 proc, limits); null: not known, or no limit. */
export function openFilesLimit(): number | null {
  const told = /^Max open files\s+(\d+)/m.exec(limits())?.[1]
  return told === undefined ? null : Number(told)
}

function limits(): string {
  try {
    return readFileSync('/proc/self/limits', 'utf8')
  } catch (error) {
    if (error instanceof Error && 'syscall' in error) return ''
    throw error
  }
}

/** Whether this process may open so many more files now. */
export function mayOpen(files: number): boolean {
  const opened: number[] = []
  try {
    for (let count = 0; count < files; count += 1) opened.push(openSync('/dev/null', 'r'))
    return true
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EMFILE' || code === 'ENFILE') return false
    throw error
  } finally {
    for (const file of opened) closeSync(file)
  }
}
