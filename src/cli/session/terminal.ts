import type { LogFolding } from '../../views/run/log-groups.ts'

/** Where a command reads and writes: stdout is the result, stderr the conversation. */
export interface Terminal {
  readonly stdin: NodeJS.ReadStream
  readonly stdout: NodeJS.WriteStream
  readonly stderr: NodeJS.WriteStream
  readonly environment: NodeJS.ProcessEnv
}

/** How text for a stream is written: colour only on a terminal, and not where NO_COLOR or `--no-color` forbids it. */
export function styleOf(
  stream: NodeJS.WriteStream,
  { environment }: Terminal,
  wanted: boolean,
): { color: boolean; width: number } {
  const forbidden = !wanted || (environment['NO_COLOR'] ?? '') !== '' || environment['TERM'] === 'dumb'
  return { color: stream.isTTY && !forbidden, width: stream.isTTY ? Math.max(40, stream.columns) : 100 }
}

/** True where the stream is a terminal that can be redrawn in place. */
export function canRedraw(stream: NodeJS.WriteStream, { environment }: Terminal): boolean {
  return stream.isTTY && environment['TERM'] !== 'dumb' && (environment['CI'] ?? '') === ''
}

/** The CI system whose log the output ends up in, where it folds groups of lines. */
export function foldingOf({ environment }: Terminal): LogFolding {
  if (environment['GITHUB_ACTIONS'] === 'true') return 'github'
  return environment['GITLAB_CI'] === 'true' ? 'gitlab' : null
}
