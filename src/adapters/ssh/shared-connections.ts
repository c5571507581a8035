import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * Bytes of a socket's path that every system takes: sun_path is 104 on BSD and macOS (108 on Linux), with its end, and ssh
 * first listens at a name that is 17 characters longer (OpenSSH mux.c, muxserver_listen).
 */
const longest = 104 - 1 - 17
/** Bytes of a socket's name in its folder, at most: more connections than one run makes. */
const longestName = '/999999'.length

/** A connection that one session makes and others may go through while that session lasts. */
export interface Offer {
  /** Options of ssh for the session that makes the connection. */
  readonly options: readonly string[]
  /** Ends the offer; what ssh has left of its socket is removed. */
  close(): Promise<void>
}

/**
 * Sockets of ssh's own multiplexing (ControlMaster), one for each offered connection, in a folder that nobody else can open.
 * The socket ends with the session that made it, however that ends; a session that finds none makes a connection of its own.
 */
export class SharedConnections {
  /** By host: the socket of the latest offer. */
  readonly #sockets = new Map<string, string>()
  readonly #scratch: string
  #folder: Promise<string | null> | null = null
  #count = 0

  /** `scratch`: a folder of fleet's own, whose path needs no quotes; where that is too long for a socket, /tmp gets another. */
  constructor(scratch: string) {
    this.#scratch = scratch
  }

  /** Offers the connection that a session is about to make; null: there is no place for its socket. */
  async offer(host: string): Promise<Offer | null> {
    this.#folder ??= folderFor(this.#scratch)
    const folder = await this.#folder
    if (folder === null) return null
    this.#count += 1
    const socket = join(folder, String(this.#count))
    this.#sockets.set(host, socket)
    return {
      options: ['-o', 'ControlMaster=yes', '-o', 'ControlPersist=no', '-o', `ControlPath=${socket}`],
      close: async () => {
        if (this.#sockets.get(host) === socket) this.#sockets.delete(host)
        await rm(socket, { force: true })
      },
    }
  }

  /** The socket of the connection that is offered for a host; null: none is. */
  socketOf(host: string): string | null {
    return this.#sockets.get(host) ?? null
  }

  /** Offers a connection no more through which the host admits no further session. */
  withdraw(host: string): void {
    this.#sockets.delete(host)
  }

  /** Removes what was made outside the scratch folder. */
  async close(): Promise<void> {
    const folder = await this.#folder
    if (folder !== null && folder !== this.#scratch) await rm(folder, { recursive: true, force: true })
  }
}

async function folderFor(scratch: string): Promise<string | null> {
  if (Buffer.byteLength(scratch) + longestName <= longest) return scratch
  try {
    return await mkdtemp('/tmp/fleet-ssh-')
  } catch (error) {
    // Without a place for sockets every session makes a connection of its own: slower, and as true.
    if (error instanceof Error && 'syscall' in error) return null
    throw error
  }
}

/** Options of ssh for a session through an offered connection; where that is gone, ssh makes a new one. */
export function throughSocket(socket: string): readonly string[] {
  return ['-o', 'ControlMaster=no', '-o', `ControlPath=${socket}`]
}

/** What ssh says of its multiplexing before it makes a connection of its own (OpenSSH 8 to 10, mux.c). */
const ofSharing = /^(?:mux_client_\w+: |Control socket connect\()/

/** True for a line of ssh's that concerns only the way in which a session was reached. */
export function concernsSharing(line: string): boolean {
  return ofSharing.test(line)
}

/** True where ssh says that the host admits no further session in a connection (sshd's MaxSessions). */
export function refusesSessions(stderr: string): boolean {
  return /^mux_client_request_session: session request failed/m.test(stderr)
}

/** What a session printed on its error stream, without ssh's words on sharing. */
export function withoutSharing(stderr: string): string {
  if (!/^(?:mux_client_|Control socket )/m.test(stderr)) return stderr
  return stderr
    .split('\n')
    .filter((line) => !concernsSharing(line.replace(/\r$/, '')))
    .join('\n')
}
