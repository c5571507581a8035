import { execFile } from 'node:child_process'

/** What a program said: its exit code (null when a signal ended it) and both streams whole. */
export interface Answer {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** How a program is run; `timeout` in milliseconds. */
interface Asking {
  readonly input?: string
  readonly environment?: NodeJS.ProcessEnv
  readonly timeout?: number
  /** Continues it each second where it was stopped. */
  readonly staysAwake?: boolean
}

/** Runs a program to its end, whatever its exit code; rejects only when it cannot be started. */
export function ask(program: string, args: readonly string[], options: Asking = {}): Promise<Answer> {
  let awake: NodeJS.Timeout | undefined
  return new Promise<Answer>((resolve, reject) => {
    const child = execFile(
      program,
      [...args],
      {
        env: options.environment ?? process.env,
        maxBuffer: 256 * 1024 * 1024,
        timeout: options.timeout ?? 0,
        killSignal: 'SIGKILL',
      },
      (error, stdout, stderr) => {
        if (error !== null && typeof error.code === 'string')
          reject(new Error(`${program} could not be run: ${error.message}`, { cause: error }))
        else resolve({ code: error === null ? 0 : (child.exitCode ?? null), stdout, stderr })
      },
    )
    child.stdin?.on('error', (error: NodeJS.ErrnoException) => {
      // A program may end before it has read all its input; its exit code tells.
      if (error.code !== 'EPIPE') reject(error)
    })
    child.stdin?.end(options.input ?? '')
    if (options.staysAwake === true) awake = setInterval(() => child.kill('SIGCONT'), 1000)
  }).finally(() => clearInterval(awake))
}

/** Runs a program that must succeed and returns its standard output; the error holds what it said. */
export async function run(program: string, args: readonly string[], options: Asking = {}): Promise<string> {
  const answer = await ask(program, args, options)
  if (answer.code !== 0)
    throw new Error(
      `${[program, ...args].join(' ').slice(0, 400)} ended with ${answer.code ?? 'a signal'}:\n${answer.stderr}${answer.stdout}`,
    )
  return answer.stdout
}
