import type { Failure, HostSettings } from '../model/plan-schema.ts'

/** A host as a connection needs it. */
export interface Address {
  readonly name: string
  readonly settings: Pick<HostSettings, 'address' | 'ssh' | 'sudo'>
}

export interface RemoteRequest {
  /** POSIX sh, read from standard input by `sh` on the host. */
  readonly script: string
  /** Its positional parameters; quoted once, here. */
  readonly args: readonly string[]
  /** Run it as root: by the login itself, or through the host's `sudo` setting. */
  readonly asRoot: boolean
  /** The whole session may take this long, milliseconds. */
  readonly timeoutMs: number
  /** Called for each line that the host prints. */
  readonly onLine?: (stream: 'stdout' | 'stderr', line: string) => void
}

/** How a session ended. `answered` carries the script's exit status, whatever it is. */
export type RemoteAnswer =
  | { readonly how: 'answered'; readonly code: number; readonly stdout: string; readonly stderr: string }
  | { readonly how: 'no-answer'; readonly failure: Failure; readonly begun: boolean }

/** Programs on other machines. One authentication for each call; a refused login is never tried again. */
export interface Remote {
  run(host: Address, request: RemoteRequest, signal: AbortSignal): Promise<RemoteAnswer>
  /** How another program (`nix copy`) reaches the host through the same settings. */
  transport(host: Address): Promise<Transport>
}

/** An address and the ssh_config file that makes `ssh -F CONFIG ADDRESS` reach it. */
export interface Transport {
  readonly address: string
  readonly config: string
}
