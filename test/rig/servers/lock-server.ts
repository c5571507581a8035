import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** One request as it arrived. */
export interface LockCall {
  readonly method: string
  readonly path: string
  readonly authorization: string | null
  readonly md5IsRight: boolean
  readonly record: Readonly<Record<string, unknown>>
}

/** What the next request gets instead of the protocol's own answer: a status and a body, or a connection that is
 * cut, before or after it did its work, or stays silent after it. */
export type Trick =
  | { readonly status: number; readonly body?: string; readonly headers?: Readonly<Record<string, string>> }
  | 'cut'
  | 'cut-after'
  | 'silent-after'

/** A small server that speaks Terraform's HTTP lock protocol, and can be told to misbehave. */
export class LockServer {
  readonly calls: LockCall[] = []
  /** Answers to the next requests, in order. */
  readonly tricks: Trick[] = []
  /** The record of who holds it, as it was sent. */
  held: Readonly<Record<string, unknown>> | null = null
  /** Called when a request was done and is not answered. */
  onSilence: () => void = () => {}
  readonly #server: Server

  private constructor(server: Server) {
    this.#server = server
    server.on('request', (request, response) => void this.#serve(request, response))
  }

  static async open(): Promise<LockServer> {
    const server = createServer()
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
    return new LockServer(server)
  }

  /** Its address; `login` is `user:password`. */
  url(login = ''): string {
    const { port } = this.#server.address() as AddressInfo
    return `http://${login === '' ? '' : `${login}@`}127.0.0.1:${port}/state/home-lab`
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((done) => this.#server.close(done))
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = ''
    for await (const part of request as AsyncIterable<Buffer>) body += part.toString('utf8')
    const record = JSON.parse(body) as Record<string, unknown>
    const { method = '', url: path = '', headers } = request
    const md5IsRight = headers['content-md5'] === createHash('md5').update(body).digest('base64')
    this.calls.push({ method, path, authorization: headers.authorization ?? null, md5IsRight, record })
    const trick = this.tricks.shift()
    if (trick === 'cut') return void request.socket.destroy()
    if (typeof trick === 'object') {
      response.writeHead(trick.status, trick.headers).end(trick.body ?? '')
      return
    }
    const [status, answer] = method === 'LOCK' ? this.#lock(record) : this.#unlock(record)
    if (trick === 'silent-after') this.onSilence()
    else if (trick === 'cut-after') request.socket.destroy()
    else response.writeHead(status).end(answer)
  }

  #lock(record: Readonly<Record<string, unknown>>): readonly [number, string] {
    if (this.held !== null) return [423, JSON.stringify(this.held)]
    this.held = record
    return [200, '']
  }

  #unlock({ ID }: Readonly<Record<string, unknown>>): readonly [number, string] {
    if (this.held === null || this.held['ID'] !== ID) return [409, JSON.stringify(this.held)]
    this.held = null
    return [200, '']
  }
}
