import type { Found } from '../model/host/system.ts'
import type { Failure, HostSettings } from '../model/plan/plan-schema.ts'

/** A host as a connection needs it. */
export interface Address {
  readonly name: string
  readonly settings: Pick<HostSettings, 'address' | 'ssh' | 'sudo'> &
    Partial<Pick<HostSettings, 'local' | 'expectHostname'>>
}

export interface RemoteRequest {
  /** POSIX sh, read from standard input by `sh` on the host. */
  readonly script: string
  /** Its positional parameters; quoted once, here. */
  readonly args: readonly string[]
  /** Run it as root: by the login itself, or through the host's `sudo` setting. */
  readonly asRoot: boolean
  /** The whole session may take this long, milliseconds; null: it stays until one side ends it. */
  readonly timeoutMs: number | null
  /** It may stay without a word this long, from its beginning or since its last byte, milliseconds; absent: as long as it likes. */
  readonly silenceMs?: number
  /** Called for each line that the host prints. */
  readonly onLine?: (stream: 'stdout' | 'stderr', line: string) => void
  /**
   * Leaves the script's standard input open, and is given it for each address that is tried. It ends with fleet, however
   * fleet ends: a script that reads it to its end outlives nobody.
   */
  readonly onInput?: (input: SessionInput) => void
  /**
   * Absent: a new connection is made for this session, which proves that one can be made. `offered`: a new one, too, and other
   * sessions may go through it while this one lasts. `shared`: through a connection that is offered for the host, where
   * there is one, else a new one; that saves a login and proves nothing about the next.
   */
  readonly connection?: 'offered' | 'shared'
}

/** The standard input of a script that runs on a host. What is sent to one that has ended is lost without a word. */
export interface SessionInput {
  send(text: string): void
  end(): void
}

/** How a session ended. `answered` carries the script's exit status, whatever it is. */
export type RemoteAnswer =
  | { readonly how: 'answered'; readonly code: number; readonly stdout: string; readonly stderr: string }
  | { readonly how: 'no-answer'; readonly failure: Failure; readonly begun: boolean }

/** Programs on other machines. At most one authentication for each call; a refused login is never tried again. */
export interface Remote {
  run(host: Address, request: RemoteRequest, signal: AbortSignal): Promise<RemoteAnswer>
  /** How another program (`nix copy`) reaches the host through the same settings. */
  transport(host: Address): Promise<Found<Transport>>
}

/** An address and the ssh_config file that makes `ssh -F CONFIG ADDRESS` reach it. */
export interface Transport {
  readonly address: string
  readonly config: string
  /** Options of ssh, none with a blank, for going through a connection that is offered for the host now; absent: none is. */
  readonly shared?: readonly string[]
  /** It is the machine that fleet runs on, and reached without ssh: its store is this one. */
  readonly local?: boolean
}

/** A command for a host. */
export interface HostCommand {
  /** The program and its arguments, or a text for `sh -c`. */
  readonly run: readonly string[] | string
  readonly environment: Readonly<Record<string, string>>
  /** Standard input, which ends with a line feed; null: nothing. */
  readonly stdin: string | null
}

/** What a command printed. */
export interface Printed {
  /** The last 64 KiB of each stream. */
  readonly stdout: string
  readonly stderr: string
  /** Its standard output was longer. */
  readonly isCut: boolean
  /** Its standard error was longer. */
  readonly isErrorCut: boolean
}

/** How a command on a host ended. */
export type CommandAnswer =
  | ({ readonly how: 'exited'; readonly code: number } & Printed)
  /** `isEnded`: the host itself has ended it, with all of its process group. */
  | ({ readonly how: 'timed-out'; readonly isEnded: boolean } & Printed)
  | { readonly how: 'no-answer'; readonly begun: boolean; readonly failure: Failure }

/** Runs one command on a host through a new connection: one login. It ends there with its time, or with fleet. */
export interface Commands {
  run(host: Address, request: CommandRequest, signal: AbortSignal): Promise<CommandAnswer>
}

export interface CommandRequest {
  readonly command: HostCommand
  readonly asRoot: boolean
  /** Milliseconds from its start on the host. */
  readonly timeoutMs: number
}
