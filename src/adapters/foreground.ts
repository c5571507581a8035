import { spawn } from 'node:child_process'
import { constants } from 'node:os'

/**
 * Runs a program in fleet's place: it has the terminal, its signals and all three streams. Returns its exit code; 128 and the
 * number of the signal that ended it; 127 where it could not be started.
 */
export function runForeground(program: string, args: readonly string[], signal: AbortSignal): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: 'inherit' })
    const end = () => child.kill('SIGTERM')
    signal.addEventListener('abort', end, { once: true })
    const done = (code: number) => {
      signal.removeEventListener('abort', end)
      resolve(code)
    }
    child.once('error', () => {
      if (child.pid === undefined) done(127)
    })
    child.once('exit', (code, killedBy) => done(code ?? 128 + (killedBy === null ? 0 : constants.signals[killedBy])))
  })
}
