import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** An sshd of this machine at an address of the loopback, into which nobody can log in; it has a key of its own. */
export class SshServer {
  readonly address = '127.0.0.2'
  readonly port: number
  /** `TYPE BASE64`. */
  readonly key: string
  /** As `ssh-keygen -l` writes it. */
  readonly fingerprint: string
  readonly #folder: string
  readonly #child: ChildProcess

  private constructor(port: number, folder: string, child: ChildProcess) {
    this.port = port
    this.#folder = folder
    this.#child = child
    const file = join(folder, 'key.pub')
    this.key = readFileSync(file, 'utf8').split(' ').slice(0, 2).join(' ').trim()
    this.fingerprint = execFileSync('ssh-keygen', ['-lf', file], { encoding: 'utf8' }).split(' ')[1] ?? ''
  }

  static async start(): Promise<SshServer> {
    const folder = mkdtempSync(join(tmpdir(), 'fleet-sshd-'))
    const port = await freePort()
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', '', '-f', join(folder, 'key')])
    // What sshd insists on where it is root.
    mkdirSync('/run/sshd', { recursive: true, mode: 0o755 })
    const settings = [`ListenAddress 127.0.0.2:${port}`, `HostKey ${join(folder, 'key')}`, 'PidFile none', 'UsePAM no']
    writeFileSync(join(folder, 'config'), `${settings.join('\n')}\n`)
    const child = spawn('/usr/sbin/sshd', ['-D', '-e', '-f', join(folder, 'config')], {
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    let said = ''
    while (!said.includes('Server listening')) {
      const [chunk] = (await Promise.race([
        once(child.stderr, 'data'),
        once(child, 'exit').then(() => {
          throw new Error(`sshd ended: ${said}`)
        }),
      ])) as [Buffer]
      said += chunk.toString()
    }
    return new SshServer(port, folder, child)
  }

  async stop(): Promise<void> {
    const ended = once(this.#child, 'exit')
    this.#child.kill()
    await ended
    rmSync(this.#folder, { recursive: true, force: true })
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.2')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}
