import { expect, test } from 'vitest'
import { systemClock } from '../../../src/adapters/clock.ts'
import { hostShell } from '../../../src/adapters/checks/host-shell.ts'
import { sshCheck } from '../../../src/adapters/checks/ssh.ts'
import { systemdCheck } from '../../../src/adapters/checks/systemd.ts'
import { sshRemote } from '../../../src/adapters/ssh/remote.ts'
import type { Attempt, CheckType } from '../../../src/ports/check.ts'
import type { Check } from '../../../src/model/plan/plan-schema.ts'
import { checkContract } from '../../contracts/check.ts'
import { DoubleSsh } from '../../rig/doubles/ssh.ts'
import { sampleCheck } from '../../rig/doubles/world.ts'
import { systemdCheckOf } from '../../rig/samples/checks.ts'
import { sampleSettings } from '../../rig/samples/plan.ts'
import { sampleAttempt } from '../../rig/samples/subject.ts'

/** Addresses of the double: the check's keys say nothing of the address, so each situation has a host of its own. */
const parts = {
  well: 'login "$command"\n',
  refuses: 'echo "ssh: connect to host web port 22: Connection refused" >&2; exit 255\n',
  hangs: 'exec sleep @mark@\n',
  hostile: `printf '\\033]0;owned\\007\\342\\200\\256%01000d: Connection refused\\n' 0 >&2; exit 255\n`,
  prints: 'head -c 1048576 /dev/zero | tr "\\0" x; echo; login "$command"\n',
}

/** The same type, asking the host whose name is the check's deadline: contracts give no attempt of their own. */
function asking(type: CheckType, hosts: ReadonlyMap<Check, string>): CheckType {
  return {
    measure(check, attempt: Attempt, signal) {
      const host = [...hosts].find(([one]) => one.deadlineMs === check.deadlineMs)?.[1] ?? 'well'
      return type.measure(
        check,
        { ...attempt, name: host, settings: sampleSettings('web', { address: [host] }) },
        signal,
      )
    },
  }
}

const sshMark = `300.091${process.pid}`
checkContract('ssh', sshMark, async () => {
  const ssh = new DoubleSsh(
    Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, part.replace('@mark@', sshMark)])),
  )
  const remote = sshRemote('/')
  const hosts = new Map(Object.keys(parts).map((name, index) => [sampleCheck({ deadlineMs: 60_000 + index }), name]))
  const at = (host: keyof typeof parts, more = {}) =>
    sampleCheck({ deadlineMs: 60_000 + Object.keys(parts).indexOf(host), ...more })
  return {
    type: asking(sshCheck(hostShell(remote, systemClock)), hosts),
    passes: at('well'),
    fails: at('refuses'),
    cannotMeasure: null,
    hangs: { check: at('hangs', { timeoutMs: 2_000 }), says: 'fail' },
    hostile: at('hostile'),
    megabyte: { check: at('prints'), says: 'pass' },
    close: async () => {
      await remote.close()
      ssh.close()
    },
  }
})

const systemctl = (body: string) => `#!/bin/sh\n${body}\n`
const systemdMark = `300.092${process.pid}`

/** A host behind a double of ssh, with a systemctl that a test writes. */
function hostWith(body: string) {
  const ssh = new DoubleSsh({ web: 'login "$command"\n' })
  ssh.program('systemctl', systemctl(body))
  const remote = sshRemote('/')
  return {
    type: systemdCheck(hostShell(remote, systemClock)),
    close: async () => {
      await remote.close()
      ssh.close()
    },
  }
}

const play = `
case $* in
  *is-active*slow*) trap '' TERM; sleep ${systemdMark} & sleep ${systemdMark}; wait ;;
  *is-active*gone*) echo inactive; exit 3 ;;
  *is-active*odd*) printf '\\033[2J\\342\\200\\256failed%01000d\\n' 0; exit 3 ;;
  *is-active*big*) head -c 1048576 /dev/zero | tr '\\0' x; exit 3 ;;
  *is-active*) echo active ;;
  *list-units*) [ ! -e @folder@/broken ] || { echo "Failed to connect to bus" >&2; exit 1; } ;;
esac`

checkContract('systemd', systemdMark, async () => {
  const ssh = new DoubleSsh({ web: 'login "$command"\n', broken: 'PATH=/usr/bin:/bin; login "$command"\n' })
  ssh.program('systemctl', systemctl(play))
  const remote = sshRemote('/')
  const broken = systemdCheckOf({ active: ['nginx.service'], deadlineMs: 61_000 })
  return {
    type: asking(
      systemdCheck(hostShell(remote, systemClock)),
      new Map([
        [broken, 'broken'],
        [systemdCheckOf(), 'web'],
      ]),
    ),
    passes: systemdCheckOf({ active: ['nginx.service'] }),
    fails: systemdCheckOf({ active: ['nginx.service', 'gone.service'] }),
    cannotMeasure: broken,
    hangs: { check: systemdCheckOf({ active: ['slow.service'], timeoutMs: 2_000 }), says: 'error' },
    hostile: systemdCheckOf({ active: ['odd.service'] }),
    megabyte: { check: systemdCheckOf({ active: ['big.service'] }), says: 'error' },
    close: async () => {
      await remote.close()
      ssh.close()
    },
  }
})

test.each([
  ['new', ['old.service'], { result: 'pass', message: 'no newly failed unit, 1 had failed before' }],
  ['new', [], { result: 'fail', message: 'newly failed: old.service' }],
  ['any', ['old.service'], { result: 'fail', message: 'failed: old.service' }],
  ['ignore', [], { result: 'pass' }],
] as const)('failedUnits: %s, where %j had failed before', async (failedUnits, failedBefore, expected) => {
  const host = hostWith('case $* in *list-units*) echo "old.service loaded failed failed Old" ;; esac')
  const attempt = sampleAttempt({ failedBefore, settings: sampleSettings('web', { address: ['web'] }) })
  const measured = await host.type.measure(systemdCheckOf({ failedUnits }), attempt, new AbortController().signal)
  expect(measured).toMatchObject(expected)
  await host.close()
})

test('ssh and units together take one connection, and a host that refuses a login is asked once', async () => {
  const ssh = new DoubleSsh({ web: 'echo "sma@web: Permission denied (publickey)." >&2; exit 255\n' })
  const remote = sshRemote('/')
  const shell = hostShell(remote, systemClock)
  const attempt = sampleAttempt({ settings: sampleSettings('web', { address: ['web'] }) })
  const signal = new AbortController().signal
  const ask = () =>
    Promise.all([
      sshCheck(shell).measure(sampleCheck(), attempt, signal),
      systemdCheck(shell).measure(systemdCheckOf(), attempt, signal),
    ])
  expect((await ask()).map(({ result }) => result)).toEqual(['fail', 'error'])
  expect((await ask()).map(({ result }) => result)).toEqual(['fail', 'error'])
  expect(ssh.calls).toHaveLength(1)
  await remote.close()
  ssh.close()
})
