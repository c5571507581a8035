import type { LogReader } from '../../views/terminal/log-commands.ts'

/** Where a command reads and writes: stdout is the result, stderr the conversation. */
export interface Terminal {
  readonly stdin: NodeJS.ReadStream
  readonly stdout: NodeJS.WriteStream
  readonly stderr: NodeJS.WriteStream
  readonly environment: NodeJS.ProcessEnv
  /** The CI system whose log stdout ends up in; null: none that reads commands there. */
  readonly log: LogCommands | null
}

/** How fleet gives commands to a CI system, whose log shows nothing else that it could take for one. */
export interface LogCommands {
  readonly reader: LogReader
  /** Whole lines, in their place between those of stdout. */
  readonly write: (lines: string) => void
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
