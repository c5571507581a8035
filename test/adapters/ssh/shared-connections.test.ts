import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type SshRemote, sshRemote } from '../../../src/adapters/ssh/remote.ts'
import type { Address, RemoteRequest } from '../../../src/ports/remote.ts'
import { DoubleSsh } from '../../rig/doubles/ssh.ts'
import { sampleSettings } from '../../rig/samples/plan.ts'

const answers = 'login "$command"'
const refuses = 'echo "sma@web-1: Permission denied (publickey)." >&2; exit 255'
const never = new AbortController().signal
const web: Address = { name: 'web-1', settings: sampleSettings('web-1', { address: ['one'] }) }

let ssh: DoubleSsh
let remote: SshRemote
beforeEach(() => {
  ssh = new DoubleSsh({ one: answers })
  remote = sshRemote('/srv/lab')
})
afterEach(async () => {
  await remote.close()
  ssh.close()
})

function request(more: Partial<RemoteRequest> = {}): RemoteRequest {
  return { script: 'echo hello\n', args: [], asRoot: false, timeoutMs: 20_000, ...more }
}

/** Begins a session that offers its connection and stays until it is released. */
async function offer(): Promise<{ readonly socket: string; readonly release: () => Promise<unknown> }> {
  let release = () => {}
  const offering = await new Promise<{ readonly ended: Promise<unknown> }>((begun) => {
    const ended: Promise<unknown> = remote.run(
      web,
      request({
        script: 'echo begun; cat\n',
        connection: 'offered',
        onInput: (input) => {
          release = () => input.end()
        },
        onLine: () => begun({ ended }),
      }),
      never,
    )
  })
  const way = await remote.transport(web)
  const socket = way.ok ? (way.value.shared?.at(-1) ?? '') : ''
  return {
    socket: socket.slice('ControlPath='.length),
    release: () => {
      release()
      return offering.ended
    },
  }
}

/** The ways of the sessions so far: those of ssh's options that are not in its file. */
function ways(): readonly string[] {
  return ssh.calls.map(({ options }) => options.slice(1, -3).join(' '))
}

test('a session that shares goes through the connection that another offers, and makes one when that has ended', async () => {
  const { socket, release } = await offer()
  await remote.run(web, request({ connection: 'shared' }), never)
  await remote.run(web, request(), never)
  await release()
  await remote.run(web, request({ connection: 'shared' }), never)
  expect(ways()).toEqual([
    `-o ControlMaster=yes -o ControlPersist=no -o ControlPath=${socket}`,
    `-o ControlMaster=no -o ControlPath=${socket}`,
    '',
    '',
  ])
  expect(await remote.transport(web)).not.toHaveProperty('value.shared')
})

test('what ssh says of a connection that admits no further session is kept from everybody, and it is shared no more', async () => {
  const { release } = await offer()
  const words = 'mux_client_request_session: session request failed: Session open refused by peer'
  ssh.plays('one', `echo '${words}' >&2; login "$command"`)
  const lines: string[] = []
  const script = 'echo answer; echo problem >&2\n'
  const onLine = (_: string, line: string) => lines.push(line)
  const answer = await remote.run(web, request({ script, connection: 'shared', onLine }), never)
  expect(answer).toEqual({ how: 'answered', code: 0, stdout: 'answer\n', stderr: 'problem\n' })
  expect(lines.toSorted()).toEqual(['answer', 'problem'])
  await remote.run(web, request({ connection: 'shared' }), never)
  expect(ways().at(-1)).toBe('')
  await release()
})

test('an offered connection that fails tells why in ssh’s words, without those on sharing', async () => {
  const { release } = await offer()
  ssh.plays('one', `echo 'Control socket connect(/x): Connection refused' >&2; ${refuses}`)
  const answer = await remote.run(web, request({ connection: 'shared' }), never)
  expect(answer).toMatchObject({ how: 'no-answer', failure: { code: 'ssh/refused-login' } })
  expect(answer.how === 'no-answer' && answer.failure.detail).not.toContain('Control socket')
  await release()
})

test.each([
  ['short', '', /^\/tmp\/[^/]*\/fleet-ssh-\w+\/1$/],
  ['too long for a socket', `/${'long'.repeat(25)}`, /^\/tmp\/fleet-ssh-\w+\/1$/],
])(
  'where TMPDIR is %s, the socket is short and in a folder of fleet’s own, and goes with it',
  async (_, below, where) => {
    const before = process.env['TMPDIR']
    const folder = mkdtempSync('/tmp/fleet-tmpdir-')
    process.env['TMPDIR'] = `${folder}${below}`
    mkdirSync(`${folder}${below}`, { recursive: true })
    try {
      const { socket, release } = await offer()
      expect(socket).toMatch(where)
      expect(Buffer.byteLength(socket)).toBeLessThan(87)
      expect(statSync(dirname(socket)).mode & 0o777).toBe(0o700)
      await release()
      await remote.close()
      expect(existsSync(dirname(socket))).toBe(false)
    } finally {
      process.env['TMPDIR'] = before
      if (before === undefined) delete process.env['TMPDIR']
      rmSync(folder, { recursive: true })
    }
  },
)
