import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readOwnFile } from '../files/own-file.ts'

/** Which process is at work on a run: its id, when it began and in which boot, so that another with the same id is not taken for it. */
export function processMark(pid: number = process.pid): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The second field is the program's name in brackets, which may hold anything (man 5 proc).
    const began = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    return began === undefined ? null : `${pid} ${began} ${boot}`
  } catch (error) {
    if (error instanceof Error && 'syscall' in error) return null
    throw error
  }
}

/** True while the process that wrote the mark is alive. */
function isAlive(mark: string): boolean {
  const pid = Number(mark.split(' ')[0])
  return Number.isSafeInteger(pid) && pid > 0 && processMark(pid) === mark.trim()
}

/** True while the process of the run in that directory is at work. */
export function isAtWork(directory: string): boolean {
  const mark = readOwnFile(join(directory, 'process'), 4096)
  return mark !== null && isAlive(mark.toString('utf8'))
}
