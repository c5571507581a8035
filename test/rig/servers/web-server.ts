import { createServer as encrypted } from 'node:https'
import { createServer as plain, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ask } from '../../lab/run.ts'

/** A real web server on this machine that answers as a test says. */
export interface WebServer {
  readonly port: number
  readonly url: string
  close(): Promise<void>
}

type Answer = (request: IncomingMessage, response: ServerResponse) => void

/** Starts it; with TLS it has a certificate for `localhost` that nobody has signed but itself, made now by openssl. */
export async function startWebServer(answer: Answer, how: 'plain' | 'tls' = 'plain'): Promise<WebServer> {
  const server = how === 'tls' ? encrypted(await certificate(), answer) : plain(answer)
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  const { port } = server.address() as AddressInfo
  return {
    port,
    url: `${how === 'tls' ? 'https://localhost' : 'http://127.0.0.1'}:${port}`,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed())
        server.closeAllConnections()
      }),
  }
}

async function certificate(): Promise<{ key: string; cert: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'fleet-tls-'))
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1']
  const kind = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2']
  const made = await ask('openssl', [...kind, ...subject, '-keyout', key, '-out', cert])
  if (made.code !== 0) throw new Error(`openssl made no certificate: ${made.stderr}`)
  const pair = { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') }
  rmSync(folder, { recursive: true })
  return pair
}
