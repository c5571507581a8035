// Generated from schemas/exec.schema.json by `npm run generate`. Do not edit.
import type { AnyCode } from '../codes/codes.ts'

/**
 * What became of the command on one host.
 */
export type HostExec =
  EndedCommand | TimedOutCommand | LostCommand | UnreachableCommand | InterruptedCommand | NotStartedCommand

/**
 * What became of a command on the hosts of a fleet, as `fleet exec --json` writes it.
 */
export interface Exec {
  /**
   * Version of this format.
   */
  readonly format: string
  /**
   * Version of fleet that wrote it.
   */
  readonly fleet: string
  /**
   * When the first host was contacted (RFC 3339, UTC).
   */
  readonly startedAt: string
  /**
   * user@machine.
   */
  readonly by: string
  /**
   * Name of the fleet.
   */
  readonly name: string
  /**
   * The program and its arguments.
   */
  readonly command: readonly string[]
  /**
   * The file that was its standard input; null: it had none.
   */
  readonly script: string | null
  /**
   * It ran as root.
   */
  readonly sudo: boolean
  /**
   * Milliseconds it might take on each host.
   */
  readonly timeoutMs: number
  /**
   * fleet's own exit code: 0 all ended with 0, 1 no host was reached, 3 some did not end with 0, 130 interrupted.
   */
  readonly exitCode: number
  /**
   * Hosts by name.
   */
  readonly hosts: {
    readonly [k: string]: HostExec
  }
}
/**
 * A host on which the command ended.
 */
export interface EndedCommand {
  /**
   * The command ended.
   */
  readonly result: 'ended'
  /**
   * Its wave.
   */
  readonly wave: string
  /**
   * Its exit code.
   */
  readonly exitCode: number
  /**
   * The last 64 KiB of its standard output, as it was printed: it may hold control characters.
   */
  readonly stdout: string
  /**
   * The last 64 KiB of its standard error.
   */
  readonly stderr: string
  /**
   * Its standard output was longer.
   */
  readonly isCut: boolean
  /**
   * Its standard error was longer.
   */
  readonly isErrorCut: boolean
}
/**
 * A host on which the command took longer than `--timeout`.
 */
export interface TimedOutCommand {
  /**
   * Its time was over.
   */
  readonly result: 'timed-out'
  /**
   * Its wave.
   */
  readonly wave: string
  /**
   * The host said that it has ended the command. False: it said nothing, and ends the command when it notices that the connection is gone.
   */
  readonly isEnded: boolean
  /**
   * The last 64 KiB of its standard output, as it was printed: it may hold control characters.
   */
  readonly stdout: string
  /**
   * The last 64 KiB of its standard error.
   */
  readonly stderr: string
  /**
   * Its standard output was longer.
   */
  readonly isCut: boolean
  /**
   * Its standard error was longer.
   */
  readonly isErrorCut: boolean
}
/**
 * A host that was reached, and on which the end of the command is unknown, or which did not run it.
 */
export interface LostCommand {
  /**
   * How the command ended is unknown.
   */
  readonly result: 'lost'
  /**
   * Its wave.
   */
  readonly wave: string
  readonly failure: ExecFailure
}
/**
 * Why.
 */
export interface ExecFailure {
  /**
   * Stable code.
   */
  readonly code: AnyCode
  /**
   * One line.
   */
  readonly summary: string
  /**
   * Full sentences.
   */
  readonly detail: string
}
/**
 * A host that did not answer: the command did not run.
 */
export interface UnreachableCommand {
  /**
   * It was unreachable.
   */
  readonly result: 'unreachable'
  /**
   * Its wave.
   */
  readonly wave: string
  readonly failure: ExecFailure
}
/**
 * A host on which the command was under way when fleet was interrupted; its connection was closed, which ends the command there.
 */
export interface InterruptedCommand {
  /**
   * Interrupted while it was under way.
   */
  readonly result: 'interrupted'
  /**
   * Its wave.
   */
  readonly wave: string
}
/**
 * A host that was not contacted before fleet was interrupted.
 */
export interface NotStartedCommand {
  /**
   * Not contacted.
   */
  readonly result: 'not-started'
  /**
   * Its wave.
   */
  readonly wave: string
}
