import { existsSync, readFileSync } from 'node:fs'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { systemClock } from '../../src/adapters/clock.ts'
import { sessionCommands } from '../../src/adapters/exec.ts'
import { isGroupAlive } from '../../src/adapters/process-group.ts'
import { type SshRemote, sshRemote } from '../../src/adapters/ssh/remote.ts'
import type { HostSettings } from '../../src/model/plan/plan-schema.ts'
import type { CommandAnswer, HostCommand } from '../../src/ports/remote.ts'
import { eventually } from '../lab/eventually.ts'
import { DoubleSsh } from '../rig/doubles/ssh.ts'
import { sampleSettings } from '../rig/samples/plan.ts'

const never = new AbortController().signal
let ssh: DoubleSsh
let remote: SshRemote
beforeEach(() => {
  ssh = new DoubleSsh({ web: 'login "$command"' })
  remote = sshRemote('/srv/lab')
})
afterEach(async () => {
  await remote.close()
  ssh.close()
})

interface Given {
  readonly command?: Partial<HostCommand>
  readonly asRoot?: boolean
  readonly timeoutMs?: number
  readonly signal?: AbortSignal
  readonly settings?: Partial<HostSettings>
}

function run(words: readonly string[], given: Given = {}): Promise<CommandAnswer> {
  const { asRoot = false, timeoutMs = 60_000, signal = never, settings = {} } = given
  const command = { run: words, environment: {}, stdin: null, ...given.command }
  const host = { name: 'web', settings: sampleSettings('web', { address: ['web'], ...settings }) }
  return sessionCommands(remote, systemClock).run(host, { command, asRoot, timeoutMs }, signal)
}

const printed = { stdout: '', stderr: '', isCut: false, isErrorCut: false }

test('words reach the program as they are, whatever they mean to a shell, and both streams and the code come back', async () => {
  const words = ['a b', "it's", '$(reboot)', '`reboot`', '', '-x', '*', '"', '\\', 'two\nlines', '\u{1F600}']
  const script = 'printf "<%s>" "$@"; echo problem >&2; exit 7'
  expect(await run(['sh', '-c', script, 'sh', ...words])).toEqual({
    how: 'exited',
    code: 7,
    ...printed,
    stdout: words.map((word) => `<${word}>`).join(''),
    stderr: 'problem\n',
  })
})

test('it costs one login', async () => {
  await run(['true'])
  expect(ssh.addresses).toEqual(['web'])
})

test('what the login shell prints by itself is none of the command’s', async () => {
  ssh.plays('web', 'echo "welcome to web"; login "$command"')
  expect(await run(['echo', 'hello'])).toMatchObject({ how: 'exited', code: 0, stdout: 'hello\n' })
})

test('a script arrives over standard input', async () => {
  const stdin = 'echo "$1 is"\nread -r never <&9 || echo here\n'
  expect(await run(['sh', '-s', '--', 'it'], { command: { stdin } })).toMatchObject({
    code: 0,
    stdout: 'it is\nhere\n',
  })
})

test.each([255, 124, 137])(
  'a command that ends with %i has ended so, whatever ssh and timeout mean by that',
  async (code) => {
    expect(await run(['sh', '-c', `exit ${code}`])).toEqual({ how: 'exited', code, ...printed })
  },
)

test('of a flood the end is kept, and the command goes on to its end', async () => {
  const answer = await run(['sh', '-c', 'head -c 300000 /dev/zero | tr "\\0" x; echo; echo done; exit 3'])
  expect(answer).toMatchObject({ how: 'exited', code: 3, isCut: true, isErrorCut: false })
  const { stdout } = answer as { readonly stdout: string }
  expect([stdout.length, stdout.endsWith('x\ndone\n')]).toEqual([65_536, true])
})

test('what takes too long is ended on the host with all that it has started, and what it printed is kept', async () => {
  const answer = await run(['sh', '-c', "trap '' TERM; echo $$; sleep 1000 & sleep 1000; wait"], { timeoutMs: 500 })
  expect(answer).toMatchObject({ how: 'timed-out', isEnded: true, stdout: expect.stringMatching(/^\d+\n$/) as string })
})

test('an interrupt is answered at once, and ends the command on the host', async () => {
  const stop = new AbortController()
  ssh.program('mark', '#!/bin/sh\nps -o pgid= -p $$ > @folder@/group\nexec sleep 1000\n')
  const answer = run(['mark'], { signal: stop.signal })
  const file = `${ssh.folder}/group`
  await eventually('the command runs', () => Promise.resolve(existsSync(file) && readFileSync(file, 'utf8') !== ''))
  const pgid = Number(readFileSync(file, 'utf8'))
  stop.abort()
  expect(await answer).toMatchObject({ how: 'no-answer', begun: true })
  await eventually('nothing of the command is left', () => Promise.resolve(!isGroupAlive(pgid)))
})

test('a host that is not reached has not begun', async () => {
  ssh.plays('web', 'echo "ssh: connect to host web port 22: Connection refused" >&2; exit 255')
  expect(await run(['true'])).toMatchObject({
    how: 'no-answer',
    begun: false,
    failure: { code: 'ssh/connection-refused' },
  })
})

test('where sudo refuses, the command does not run, and what sudo said is the reason', async () => {
  ssh.program('deny', '#!/bin/sh\necho "sudo: a password is required" >&2\nexit 1\n')
  expect(await run(['touch', `${ssh.folder}/ran`], { asRoot: true, settings: { sudo: 'deny -n' } })).toEqual({
    how: 'no-answer',
    begun: true,
    failure: {
      code: 'exec/no-root',
      summary: 'the login may not act as root',
      detail: 'sudo: a password is required',
    },
  })
})

test('a session that ends before the command says so', async () => {
  ssh.plays('web', 'kill -9 $$')
  expect(await run(['true'])).toMatchObject({ how: 'no-answer', begun: true })
})
