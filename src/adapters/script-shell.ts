import type { Writable } from 'node:stream'
import type { RemoteRequest, SessionInput } from '../ports/remote.ts'

/**
 * The shell that runs a request's script, which it reads from standard input. Where the input stays open for the script
 * itself, it takes exactly the script's bytes first: a shell may read further than the command it is about to run.
 */
export function shellWords({ script, args, onInput }: RemoteRequest): readonly string[] {
  return onInput === undefined
    ? ['sh', '-s', '--', ...args]
    : ['sh', '-c', `eval "$(head -c ${Buffer.byteLength(script)})"`, 'sh', ...args]
}

/** A program's standard input as a session's. */
export function sessionInput(input: Writable): SessionInput {
  return {
    send: (text) => {
      if (input.writable) input.write(text)
    },
    end: () => input.end(),
  }
}
