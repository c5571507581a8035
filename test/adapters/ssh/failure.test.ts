import { describe, expect, test } from 'vitest'
import { sshFailure } from '../../../src/adapters/ssh/failure.ts'
import type { Ended } from '../../../src/adapters/process.ts'

function exited(code: number, stderr: string, stdout = ''): Ended {
  return { how: 'exited', code, stdout, stderr }
}

function told(stderr: string, stdout = ''): readonly [string, boolean] | null {
  const found = sshFailure(exited(255, stderr, stdout), 'web-1')
  return found === null ? null : [found.failure.code, found.begun]
}

const changedKey = `@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@
@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @
@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@
IT IS POSSIBLE THAT SOMEONE IS DOING SOMETHING NASTY!
The fingerprint for the ED25519 key sent by the remote host is
SHA256:${'k'.repeat(43)}.
Please contact your system administrator.
Add correct host key in /run/fleet/web-1.known_hosts to get rid of this message.
Offending ED25519 key in /run/fleet/web-1.known_hosts:1
  remove with:
  ssh-keygen -f "/run/fleet/web-1.known_hosts" -R "web-1"
Host key for web-1 has changed and you have requested strict checking.
Host key verification failed.\r
`

describe('before a session', () => {
  test.each([
    ['ssh/host-key-changed', changedKey],
    [
      'ssh/host-key-unknown',
      'No ED25519 host key is known for web-1 and you have requested strict checking.\r\nHost key verification failed.\r\n',
    ],
    ['ssh/host-key-unknown', 'Host key verification failed.\r\n'],
    ['ssh/refused-login', 'sma@web-1: Permission denied (publickey).\r\n'],
    [
      'ssh/refused-login',
      'no such identity: /srv/key: No such file or directory\r\nsma@10.0.0.8: Permission denied (publickey,password).\r\n',
    ],
    [
      'ssh/refused-login',
      'Received disconnect from 10.0.0.8 port 22:2: Too many authentication failures\r\nDisconnected from 10.0.0.8 port 22\r\n',
    ],
    ['ssh/unknown-address', 'ssh: Could not resolve hostname web-1: Name or service not known\r\n'],
    ['ssh/unknown-address', 'ssh: Could not resolve hostname web-1: Temporary failure in name resolution\r\n'],
    ['ssh/connection-refused', 'ssh: connect to host web-1 port 22: Connection refused\r\n'],
    ['ssh/no-answer', 'ssh: connect to host web-1 port 22: Connection timed out\r\n'],
    ['ssh/no-answer', 'ssh: connect to host web-1 port 22: No route to host\r\n'],
    ['ssh/no-answer', 'ssh: connect to host web-1 port 22: Network is unreachable\r\n'],
    ['ssh/no-answer', 'Connection timed out during banner exchange\r\nConnection to 10.0.0.8 port 22 timed out\r\n'],
    [
      'ssh/connection-closed',
      'kex_exchange_identification: Connection closed by remote host\r\nConnection closed by 10.0.0.8 port 22\r\n',
    ],
    [
      'ssh/connection-closed',
      'kex_exchange_identification: read: Connection reset by peer\r\nConnection reset by 10.0.0.8 port 22\r\n',
    ],
  ])('%s: the command has not begun', (code, stderr) => {
    expect(told(stderr)).toEqual([code, false])
  })
})

describe('within a session', () => {
  test.each([
    'client_loop: send disconnect: Broken pipe\r\n',
    'Timeout, server web-1 not responding.\r\n',
    'Connection to web-1 closed by remote host.\r\n',
    'Connection reset by 10.0.0.8 port 22\r\n',
    'Read from remote host web-1: Connection reset by peer\r\nclient_loop: send disconnect: Broken pipe\r\n',
    'Read from remote host web-1: Connection timed out\r\nclient_loop: send disconnect: Broken pipe\r\n',
    'Read from remote host web-1: No route to host\r\n',
    'Connection closed by 10.0.0.8 port 22\r\n',
    'something that no version of ssh has said yet\r\n',
    '',
  ])('%j: the connection is lost and the command may go on', (stderr) => {
    expect(told(stderr)).toEqual(['ssh/connection-lost', true])
  })

  test('what the host printed itself is not taken for a refused login', () => {
    const stderr =
      'mkdir: cannot create directory ‘/run/fleet’: Permission denied\nclient_loop: send disconnect: Broken pipe\r\n'
    expect(told(stderr)).toEqual(['ssh/connection-lost', true])
    expect(told('cat: /etc/shadow: Permission denied\n')).toEqual(['ssh/connection-lost', true])
  })

  test('a session that has answered had begun, whatever is said', () => {
    expect(told('curl: (7) Connection refused\n', 'activating the configuration...\n')).toEqual([
      'ssh/connection-lost',
      true,
    ])
  })
})

test.each([0, 1, 75, 127, 254])('exit code %i is the command’s own, whatever it printed', (code) => {
  expect(sshFailure(exited(code, 'sma@web-1: Permission denied (publickey).\n'), 'web-1')).toBeNull()
})

test('a refused login says what ssh said, and why there is no second attempt', () => {
  expect(sshFailure(exited(255, 'sma@web-1: Permission denied (publickey).\r\n'), 'web-1')).toEqual({
    begun: false,
    failure: {
      code: 'ssh/refused-login',
      summary: 'login refused',
      detail:
        'ssh to web-1: sma@web-1: Permission denied (publickey). fleet does not try again: the host may ban an address after a few refusals.',
    },
  })
})

test('a changed key is told in ssh’s last words, without its frame, with the key to compare and with what to do', () => {
  expect(sshFailure(exited(255, changedKey), 'web-1')?.failure.detail).toBe(
    `ssh to web-1: SHA256:${'k'.repeat(43)}. · Host key for web-1 has changed and you have requested strict checking. · Host key verification failed. It sent SHA256:${'k'.repeat(43)}. Compare the fingerprint on the console of the host, then pin it as ssh.hostKey or add it to known_hosts.`,
  )
})

test('escape sequences in what was printed do not reach the operator', () => {
  expect(sshFailure(exited(255, '\u001B]0;title\u0007\u001B[31mred\u001B[0m\n'), 'web-1')?.failure.detail).toBe(
    'ssh to web-1: red',
  )
})

test.each<[Ended['how'], Ended, string]>([
  ['timed-out', { how: 'timed-out', stdout: '', stderr: '' }, 'ssh/timed-out'],
  ['aborted', { how: 'aborted', stdout: '', stderr: '' }, 'ssh/aborted'],
  ['killed', { how: 'killed', signal: 'SIGKILL', stdout: '', stderr: '' }, 'ssh/connection-lost'],
  ['too-much-output', { how: 'too-much-output', stdout: '', stderr: '' }, 'ssh/too-much-output'],
  ['not-started', { how: 'not-started', reason: 'spawn ssh ENOENT', stdout: '', stderr: '' }, 'ssh/missing'],
])('an ssh that was %s', (_, ended, code) => expect(sshFailure(ended, 'web-1')?.failure.code).toBe(code))

test('an ssh that could not be started has not begun anything', () => {
  expect(sshFailure({ how: 'not-started', reason: 'spawn ssh ENOENT', stdout: '', stderr: '' }, 'web-1')?.begun).toBe(
    false,
  )
})
