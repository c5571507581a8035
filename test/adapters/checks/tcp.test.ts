import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { systemClock } from '../../../src/adapters/clock.ts'
import { hostShell } from '../../../src/adapters/checks/host-shell.ts'
import { networkAddress } from '../../../src/adapters/checks/network-address.ts'
import { tcpCheck } from '../../../src/adapters/checks/tcp.ts'
import { type SshRemote, sshRemote } from '../../../src/adapters/ssh/remote.ts'
import { checkContract } from '../../contracts/check.ts'
import { DoubleSsh } from '../../rig/doubles/ssh.ts'
import { tcpCheckOf } from '../../rig/samples/checks.ts'
import { sampleSettings } from '../../rig/samples/plan.ts'
import { sampleAttempt } from '../../rig/samples/subject.ts'

const places = ['operator', 'host'] as const

/** A server that says what it likes to whoever connects; and the port of one that has gone. */
async function serve(says = ''): Promise<Server> {
  const server = createServer((socket) => {
    socket.on('error', () => {})
    socket.end(says)
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  return server
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port
}

/** A server that accepts nobody and whose queue is full: who connects waits, as behind a firewall that drops. */
async function serveNobody(): Promise<{ port: number; close: () => void }> {
  const program = `
    const server = require('node:net').createServer()
    server.listen({ host: '127.0.0.1', port: 0, backlog: 1 }, () => {
      require('node:fs').writeSync(1, server.address().port + '\\n')
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
    })`
  const child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  const port = Number(String(line))
  const queue = [1, 2, 3, 4].map(() => connect({ host: '127.0.0.1', port }).on('error', () => {}))
  await Promise.all(queue.slice(0, 2).map((socket) => once(socket, 'connect')))
  return {
    port,
    close: () => {
      for (const socket of queue) socket.destroy()
      child.kill('SIGKILL')
    },
  }
}

for (const from of places) {
  checkContract(`tcp, from the ${from}`, `no-mark-${process.pid}`, async () => {
    const ssh = new DoubleSsh({ web: 'login "$command"\n' })
    const remote = sshRemote('/')
    const [server, loud, gone] = await Promise.all([serve(), serve('x'.repeat(1024 * 1024)), serve()])
    const nobody = await serveNobody()
    const free = portOf(gone)
    await new Promise((closed) => gone.close(closed))
    return {
      type: tcpCheck(hostShell(remote, systemClock), networkAddress(remote)),
      passes: tcpCheckOf(portOf(server), { from }),
      fails: tcpCheckOf(free, { from }),
      cannotMeasure: null,
      hangs: { check: tcpCheckOf(nobody.port, { from, timeoutMs: 2_000 }), says: 'fail' },
      hostile: tcpCheckOf(free, { from, address: '\u001b[2J\u202e' }),
      megabyte: { check: tcpCheckOf(portOf(loud), { from }), says: 'pass' },
      close: async () => {
        server.close()
        loud.close()
        nobody.close()
        await remote.close()
        ssh.close()
      },
    }
  })
}

describe('an address', () => {
  let ssh: DoubleSsh
  let remote: SshRemote
  let server: Server
  beforeAll(async () => {
    // What ssh itself makes of an alias: `ssh -G`, which the double plays for this address alone.
    ssh = new DoubleSsh({
      alias: '[ "$1" != -G ] || { echo "user sma"; echo "hostname 127.0.0.1"; exit; }\nlogin "$command"\n',
    })
    remote = sshRemote('/')
    server = await serve()
  })
  afterAll(async () => {
    server?.close()
    await remote?.close()
    ssh?.close()
  })

  test.each(places)(
    'is the host’s own unless given, with an alias of ssh_config resolved: from the %s',
    async (from) => {
      const settings = sampleSettings('web', { address: ['alias'] })
      const type = tcpCheck(hostShell(remote, systemClock), networkAddress(remote))
      const check = tcpCheckOf(portOf(server), { from, address: null })
      expect(await type.measure(check, sampleAttempt({ settings }), new AbortController().signal)).toEqual({
        result: 'pass',
        message: `127.0.0.1 accepts connections on port ${portOf(server)}`,
      })
    },
  )
})
