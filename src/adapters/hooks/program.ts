import { formatDuration } from '../../model/fleet/duration.ts'
import { cleanLine } from '../../model/text/text.ts'
import type { HookAnswer, Hooks } from '../../ports/hook.ts'
import { type Ended, run } from '../process.ts'
import { lastLine } from '../last-line.ts'

/** Runs hooks as programs on this machine, in `directory`, which holds fleet.yaml. */
export function programHooks(directory: string): Hooks {
  return {
    async call({ run: [program = '', ...args], timeoutMs }, document, environment, signal) {
      const began = performance.now()
      const ended = await run(
        {
          program,
          args,
          stdin: `${JSON.stringify(document)}\n`,
          env: environment,
          cwd: directory,
          timeoutMs,
          maxBytes: 1024 * 1024,
        },
        signal,
      )
      return answerOf(ended, timeoutMs, Math.round(performance.now() - began))
    },
  }
}

function answerOf(ended: Ended, timeoutMs: number, durationMs: number): HookAnswer {
  const error = (message: string): HookAnswer => ({ how: 'error', message, durationMs })
  switch (ended.how) {
    case 'exited':
      return { how: 'exited', code: ended.code, message: lastLine(ended.stdout) || lastLine(ended.stderr), durationMs }
    case 'killed':
      return error(`it was killed by ${ended.signal}`)
    case 'timed-out':
      return error(`it did not answer within ${formatDuration(timeoutMs)}`)
    case 'aborted':
      return error('it was interrupted')
    case 'too-much-output':
      return error('it printed more than 1 MiB')
    case 'not-started':
      return error(`it could not be started: ${cleanLine(ended.reason)}`)
  }
}
