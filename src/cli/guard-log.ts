import { commandBreaker, type LogReader } from '../views/terminal/log-commands.ts'

/** Who reads what fleet prints, by what such systems set for their jobs; null: nobody who takes lines for commands. */
export function logReaderOf(environment: NodeJS.ProcessEnv): LogReader | null {
  if (['GITHUB_ACTIONS', 'FORGEJO_ACTIONS', 'GITEA_ACTIONS'].some((name) => environment[name] === 'true'))
    return 'actions'
  return environment['GITLAB_CI'] === 'true' ? 'gitlab' : null
}

/**
 * From now on nothing that is written to the stream, by whomever in this program, is a command to the log's reader. Returns the way
 * for commands of fleet's own, each of whole lines.
 */
export function guardLog(stream: NodeJS.WriteStream, reader: LogReader): (commands: string) => void {
  const write = stream.write.bind(stream)
  const withoutCommands = commandBreaker(reader)
  stream.write = (chunk: string | Uint8Array, ...rest: readonly unknown[]) =>
    (write as (...all: readonly unknown[]) => boolean)(withoutCommands(textOf(chunk)), ...rest)
  return (commands) => {
    write(commands)
  }
}

function textOf(chunk: string | Uint8Array): string {
  return typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8')
}
