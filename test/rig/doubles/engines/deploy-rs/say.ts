import { writeSync } from 'node:fs'

const colors = { ERROR: 196, WARN: 208, INFO: 51, DEBUG: 7 } as const
const marks = { ERROR: '❌', WARN: '⚠️', INFO: 'ℹ️', DEBUG: '❓' } as const
const levels = ['ERROR', 'WARN', 'INFO', 'DEBUG'] as const

export type Level = (typeof levels)[number]

/** Writes a log line of `deploy`, coloured even in a pipe; RUST_LOG decides which levels are heard. */
export function say(level: Level, text: string): void {
  const wanted = (process.env['RUST_LOG'] ?? 'info').toUpperCase() as Level
  const limit = levels.includes(wanted) ? levels.indexOf(wanted) : levels.indexOf('INFO')
  if (levels.indexOf(level) > limit) return
  print(`🚀 ${marks[level]} [deploy] [\u001B[38;5;${colors[level]}m${level}\u001B[0m] ${text}\n`)
}

/** Writes to standard error at once, whoever else writes to it. */
export function print(text: string): void {
  try {
    writeSync(2, text)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPIPE') throw error
    // A logger that cannot write panics.
    process.exit(101)
  }
}
