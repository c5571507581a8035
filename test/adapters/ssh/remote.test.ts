import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type SshRemote, sshRemote } from '../../../src/adapters/ssh/remote.ts'
import type { HostSettings } from '../../../src/model/plan/plan-schema.ts'
import type { Address, RemoteRequest } from '../../../src/ports/remote.ts'
import { DoubleSsh } from '../../rig/doubles/ssh.ts'
import { sampleSettings } from '../../rig/samples/plan.ts'

const answers = 'login "$command"'
const refuses = 'echo "sma@web-1: Permission denied (publickey)." >&2; exit 255'
const isOff = 'echo "ssh: connect to host web-1 port 22: No route to host" >&2; exit 255'
const isCut = 'echo "client_loop: send disconnect: Broken pipe" >&2; exit 255'
const isOther = 'echo "Host key verification failed." >&2; exit 255'
const never = new AbortController().signal

let ssh: DoubleSsh
let remote: SshRemote
beforeEach(() => {
  ssh = new DoubleSsh({ one: answers, two: answers, three: answers })
  remote = sshRemote('/srv/lab')
})
afterEach(async () => {
  await remote.close()
  ssh.close()
})

function host(address: HostSettings['address'], more: Partial<HostSettings> = {}): Address {
  return { name: 'web-1', settings: sampleSettings('web-1', { address, ...more }) }
}

function request(more: Partial<RemoteRequest> = {}): RemoteRequest {
  return { script: 'echo hello\n', args: [], asRoot: false, timeoutMs: 20_000, ...more }
}

function code(answer: Awaited<ReturnType<SshRemote['run']>>): string {
  return answer.how === 'answered' ? `exit ${answer.code}` : answer.failure.code
}

test('the script runs on the host with its arguments as they are, and its exit code is the answer', async () => {
  const script = 'printf "<%s>" "$@"; echo problem >&2; exit 7\n'
  const args = ['a b', "it's", '$(reboot)', '', '-x', '*']
  expect(await remote.run(host(['one']), request({ script, args }), never)).toEqual({
    how: 'answered',
    code: 7,
    stdout: args.map((word) => `<${word}>`).join(''),
    stderr: 'problem\n',
  })
})

test('ssh is given a configuration of fleet’s own, and an address that cannot be an option', async () => {
  await remote.run(host(['one']), request(), never)
  expect(ssh.calls).toEqual([
    {
      address: 'one',
      options: ['-T', '-F', expect.stringMatching(/\/web-1\.config$/) as string, '--'],
      command: 'exec sh -s --',
    },
  ])
})

test('addresses are tried in their order until one answers', async () => {
  ssh.plays('one', isOff)
  ssh.plays('two', 'echo "ssh: Could not resolve hostname two: Name or service not known" >&2; exit 255')
  expect(code(await remote.run(host(['one', 'two', 'three']), request(), never))).toBe('exit 0')
  expect(ssh.addresses).toEqual(['one', 'two', 'three'])
})

test('the next session begins where the host answered', async () => {
  ssh.plays('one', isOff)
  const web = host(['one', 'two'])
  await remote.run(web, request(), never)
  await remote.run(web, request(), never)
  expect(ssh.addresses).toEqual(['one', 'two', 'two'])
  expect(await remote.transport(web)).toMatchObject({ ok: true, value: { address: 'two' } })
})

test('a host that answers nowhere fails as its last address did', async () => {
  ssh.plays('one', isOff)
  ssh.plays('two', 'echo "ssh: connect to host two port 22: Connection refused" >&2; exit 255')
  expect(code(await remote.run(host(['one', 'two']), request(), never))).toBe('ssh/connection-refused')
})

test.each([
  ['a refused login', refuses, 'ssh/refused-login'],
  ['an unknown host key', isOther, 'ssh/host-key-unknown'],
  ['a session that was lost', isCut, 'ssh/connection-lost'],
  ['a script that failed', 'exit 9', 'exit 9'],
])('no other address is tried after %s', async (_, part, expected) => {
  ssh.plays('one', part)
  expect(code(await remote.run(host(['one', 'two']), request(), never))).toBe(expected)
  expect(ssh.addresses).toEqual(['one'])
})

test('no other address is tried after an interrupt', async () => {
  const stop = new AbortController()
  ssh.plays('one', 'echo begun; exec sleep 300')
  const onLine = () => stop.abort()
  expect(code(await remote.run(host(['one', 'two']), request({ onLine }), stop.signal))).toBe('ssh/aborted')
  expect(ssh.addresses).toEqual(['one'])
})

test('a session that takes too long is ended', async () => {
  ssh.plays('one', 'exec sleep 300')
  expect(code(await remote.run(host(['one']), request({ timeoutMs: 300 }), never))).toBe('ssh/timed-out')
})

test('lines arrive while the session goes on', async () => {
  const lines: string[] = []
  const onLine = (stream: string, line: string) => lines.push(`${stream} ${line}`)
  await remote.run(host(['one']), request({ script: 'echo one; echo two\n', onLine }), never)
  expect(lines).toEqual(['stdout one', 'stdout two'])
})

const sudo = `#!/bin/sh
echo "sudo $*" >> '@folder@/raised'
while [ "$1" != -- ]; do shift; done; shift
exec "$@"
`

test.each([
  ['auto', 'a login that is no root', 'id() { echo 1000; }', "sudo -n -- sh -s -- a b|it's\n"],
  ['auto', 'root', 'id() { echo 0; }', ''],
])('with sudo: %s, %s', async (setting, _, id, raised) => {
  ssh.program('id', `#!/bin/sh\n${id}\nid\n`)
  ssh.program('sudo', sudo.replace('$*', '$1 $2 $3 $4 $5 $6|$7'))
  const answer = await remote.run(
    host(['one'], { sudo: setting }),
    request({ asRoot: true, script: 'printf "<%s>" "$@"\n', args: ['a b', "it's"] }),
    never,
  )
  expect(answer).toMatchObject({ code: 0, stdout: "<a b><it's>" })
  const file = `${ssh.folder}/raised`
  expect(existsSync(file) ? readFileSync(file, 'utf8') : '').toBe(raised)
})

test.each([
  ['none', 'exec sh -s -- x'],
  ['doas -n', 'exec doas -n sh -s -- x'],
])('with sudo: %s the command is %s', async (setting, command) => {
  ssh.plays('one', 'exit 0')
  await remote.run(host(['one'], { sudo: setting }), request({ asRoot: true, args: ['x'] }), never)
  expect(ssh.calls.map((call) => call.command)).toEqual([command])
})

test('nothing is raised where root is not asked for', async () => {
  await remote.run(host(['one'], { sudo: 'doas -n' }), request({ args: ['x'] }), never)
  expect(ssh.calls.map((call) => call.command)).toEqual(['exec sh -s -- x'])
})

test('a pinned key is in a file of its own, for its owner alone, and gone afterwards', async () => {
  const hostKey = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIE'
  const settings = sampleSettings('web-1')
  const pinned = { name: 'web-1', settings: { ...settings, ssh: { ...settings.ssh, hostKey } } }
  const way = await remote.transport(pinned)
  const config = way.ok ? way.value.config : ''
  const file = /UserKnownHostsFile (.*)/.exec(readFileSync(config, 'utf8'))?.[1] ?? ''
  expect(readFileSync(file, 'utf8')).toBe(`web-1 ${hostKey}\n`)
  expect([config, file].map((path) => statSync(path).mode & 0o777)).toEqual([0o600, 0o600])
  await remote.close()
  expect([config, file].map((path) => existsSync(path))).toEqual([false, false])
})

test('an ssh that is not installed is told as that, for the first address alone', async () => {
  const path = process.env['PATH']
  process.env['PATH'] = '/nowhere'
  try {
    expect(code(await remote.run(host(['one', 'two']), request(), never))).toBe('ssh/missing')
  } finally {
    process.env['PATH'] = path
  }
})

test('a temporary directory that cannot be used is why no host answers, and no bug', async () => {
  vi.stubEnv('TMPDIR', '/nowhere/at/all')
  const unable = sshRemote('/srv/lab')
  const answer = await unable.run(host(['one']), request(), never)
  expect(answer).toMatchObject({ how: 'no-answer', begun: false, failure: { code: 'ssh/no-files' } })
  expect(answer.how === 'no-answer' ? answer.failure.detail : '').toMatch(/^ENOENT: .*\/nowhere\/at\/all/)
  expect(await unable.transport(host(['one']))).toMatchObject({ ok: false, failure: { code: 'ssh/no-files' } })
  await unable.close()
  vi.unstubAllEnvs()
})

test('the configuration lies where its path needs no quotes, since Nix splits its options of ssh at blanks', async () => {
  const blank = mkdtempSync(join(tmpdir(), 'with blank '))
  vi.stubEnv('TMPDIR', blank)
  const way = await remote.transport(host(['one']))
  vi.unstubAllEnvs()
  rmSync(blank, { recursive: true })
  expect(way.ok ? way.value.config : '').toMatch(/^\/tmp\/fleet-ssh-\w+\/web-1\.config$/)
})
