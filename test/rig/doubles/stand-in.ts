import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** What was asked of a stand-in for a server. */
export interface Asked {
  readonly method: string
  readonly path: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

/** A server on this machine that stands in for one elsewhere: it keeps what it is asked, and answers as told. */
export class StandIn {
  readonly asked: Asked[] = []
  /** Status and text of the next answers. */
  answer: readonly [status: number, body: string] = [200, '{}']
  readonly #server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8')
    request.on('data', (part: string) => (body += part))
    request.on('end', () => {
      this.asked.push({ method: request.method ?? '', path: request.url ?? '', headers: request.headers, body })
      response.writeHead(this.answer[0]).end(this.answer[1])
    })
  })

  async listen(): Promise<void> {
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  close(): void {
    this.#server.closeAllConnections()
    this.#server.close()
  }
}

/** A directory of doubles of programs, for the beginning of PATH. */
export class Doubles {
  readonly directory = mkdtempSync(join(tmpdir(), 'fleet-doubles-'))
  readonly path = `${this.directory}:${process.env['PATH'] ?? ''}`

  /** Makes a program of shell text. */
  write(name: string, script: string): void {
    const file = join(this.directory, name)
    writeFileSync(file, `#!/bin/sh\n${script}\n`)
    chmodSync(file, 0o755)
  }

  /** Makes a file beside them; returns its path. */
  file(name: string, text: string): string {
    const file = join(this.directory, name)
    writeFileSync(file, text)
    return file
  }

  remove(name: string): void {
    rmSync(join(this.directory, name))
  }

  close(): void {
    rmSync(this.directory, { recursive: true })
  }
}
