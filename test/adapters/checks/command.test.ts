import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { systemClock } from '../../../src/adapters/clock.ts'
import { commandCheck } from '../../../src/adapters/checks/command.ts'
import { hostShell } from '../../../src/adapters/checks/host-shell.ts'
import { type SshRemote, sshRemote } from '../../../src/adapters/ssh/remote.ts'
import type { CommandCheck } from '../../../src/model/plan/plan-schema.ts'
import type { CheckType, Measurement } from '../../../src/ports/check.ts'
import { checkContract } from '../../contracts/check.ts'
import { DoubleSsh } from '../../rig/doubles/ssh.ts'
import { commandCheckOf } from '../../rig/samples/checks.ts'
import { sampleSettings } from '../../rig/samples/plan.ts'
import { sampleAttempt } from '../../rig/samples/subject.ts'

const places = ['operator', 'host'] as const
const escapes = '\\033]0;owned\\007\\033[2J\\342\\200\\256red\\rhidden'

for (const from of places) {
  const mark = `300.07${from === 'host' ? 1 : 2}${process.pid}`
  checkContract(`command, from the ${from}`, mark, async () => {
    const rig = openRig()
    // It ignores SIGTERM and starts a child that does so too.
    const stubborn = `trap '' TERM; sleep ${mark} & sleep ${mark}; wait`
    return {
      type: rig.type,
      passes: commandCheckOf(['echo', 'all is well'], { from }),
      fails: commandCheckOf('echo "12 of 10"; exit 1', { from }),
      cannotMeasure: commandCheckOf(['no-such-program-anywhere'], { from }),
      hangs: { check: commandCheckOf(stubborn, { from, timeoutMs: 2_000 }), says: 'error' },
      hostile: commandCheckOf(['printf', `${escapes}${'x'.repeat(1000)}\\n`], { from }),
      megabyte: {
        check: commandCheckOf('head -c 1048576 /dev/zero | tr "\\0" x; echo; echo fine', { from }),
        says: 'pass',
      },
      close: rig.close,
    }
  })
}

interface Rig {
  readonly type: CheckType<CommandCheck>
  readonly directory: string
  readonly ssh: DoubleSsh
  readonly close: () => Promise<void>
}

/** A directory that stands for fleet.yaml's, and a host behind a double of ssh. */
function openRig(): Rig {
  const directory = mkdtempSync(join(tmpdir(), 'fleet-command-'))
  const ssh = new DoubleSsh({ web: 'login "$command"\n' })
  const remote: SshRemote = sshRemote(directory)
  return {
    type: commandCheck(hostShell(remote, systemClock), directory),
    directory,
    ssh,
    close: async () => {
      await remote.close()
      ssh.close()
      rmSync(directory, { recursive: true })
    },
  }
}

let rig: Rig
beforeAll(() => {
  rig = openRig()
})
afterAll(() => rig.close())

function measure(check: CommandCheck, vars: Readonly<Record<string, string>> = {}): Promise<Measurement> {
  const settings = sampleSettings('web', { vars, address: ['web'] })
  return rig.type.measure(check, sampleAttempt({ settings, attempt: 3 }), new AbortController().signal)
}

describe.each(places)('from the %s', (from) => {
  test.each([
    [0, 'pass', 'so it is'],
    [1, 'fail', 'so it is'],
    [3, 'fail', 'so it is'],
    [75, 'error', 'so it is'],
    [126, 'error', 'its program could not be run: exit status 126'],
    [127, 'error', 'its program could not be run: exit status 127'],
  ])('protocol exit: %i is %s', async (code, result, message) => {
    expect(await measure(commandCheckOf(`echo so it is; exit ${code}`, { from }))).toEqual({ result, message })
  })

  test.each([
    [0, 'pass', 'DISK OK'],
    [1, 'pass', 'warning: DISK OK'],
    [2, 'fail', 'DISK OK'],
    [3, 'error', 'DISK OK'],
    [4, 'error', 'exit status 4, which no Nagios plugin has: DISK OK'],
  ])('protocol nagios: %i is %s, its message the first line before the numbers', async (code, result, message) => {
    const script = `echo 'DISK OK | /=2643MB;5948;5958;0;5968'; echo 'long text'; echo 'more | x=1'; exit ${code}`
    expect(await measure(commandCheckOf(script, { from, protocol: 'nagios' }))).toEqual({ result, message })
  })

  test.each([
    ['{"status":"pass","message":"fine"}', { result: 'pass', message: 'fine' }],
    ['{"status":"fail","message":"\\u001b[31mbad\\nworse"}', { result: 'fail', message: 'bad worse' }],
    ['{"status":"error"}', { result: 'error', message: 'error' }],
    ['{"status":"pending","retryAfter":2}', { result: 'pending', message: 'pending', retryAfterMs: 2000 }],
    ['{"status":"pending","message":"x","retryAfter":"1m"}', { result: 'pending', message: 'x', retryAfterMs: 60_000 }],
    ['{"status":"ok"}', 'its answer is not valid: `status` is none of pass, fail, error, pending'],
    ['["pass"]', 'its answer is not valid: it is not an object'],
    ['{"status":"pass","message":5}', 'its answer is not valid: `message` is not a text'],
    ['{"status":"pending","retryAfter":"soon"}', 'its answer is not valid: `retryAfter` is neither'],
    ['{"status":"pa', 'its answer is not JSON: SyntaxError'],
    ['', 'it printed nothing'],
  ])('protocol json: %s', async (answer, expected) => {
    const measured = await measure(commandCheckOf(['printf', '%s', answer], { from, protocol: 'json' }))
    if (typeof expected !== 'string') return expect(measured).toEqual(expected)
    expect(measured.result).toBe('error')
    expect(measured.message).toContain(expected)
  })

  test('protocol json: a crash is told with what it said', async () => {
    const measured = await measure(commandCheckOf('echo "no such table" >&2; exit 3', { from, protocol: 'json' }))
    expect(measured).toEqual({ result: 'error', message: 'it printed nothing (exit status 3): no such table' })
    const both = await measure(commandCheckOf(`echo '{"status":"pass"}'; exit 3`, { from, protocol: 'json' }))
    expect(both).toEqual({ result: 'error', message: 'it says pass and exits 3: pass' })
  })

  test('protocol json: the program reads one document', async () => {
    const script = 'read -r document; printf \'{"status":"fail","message":"%s"}\' "$(echo "$document" | tr -d \'"\')"'
    const check = commandCheckOf(script, { from, protocol: 'json', vars: { a: '1' } })
    expect((await measure(check, { b: '2' })).message).toBe(
      '{version:1,phase:after,host:{name:web,address:web},plan:{from:/nix/store/old,to:/nix/store/new},attempt:3,with:{a:1,b:2}}',
    )
  })

  test('gets FLEET_… and the variables, the host’s before its own', async () => {
    const script = 'echo "$FLEET_HOST $FLEET_ADDRESS $FLEET_WAVE $FLEET_RUN $FLEET_FROM $FLEET_TO $limit $own"'
    const check = commandCheckOf(script, { from, vars: { limit: '1', own: "it's $HOME" } })
    expect((await measure(check, { limit: '2' })).message).toBe(
      "web web all 20260101T000000Z-test /nix/store/old /nix/store/new 2 it's $HOME",
    )
  })

  test('an argument stays one argument, whatever is in it', async () => {
    const argument = `a  b'"$(id)\`;*\n{{host.name}}`
    const check = commandCheckOf(['sh', '-c', 'printf %s "$1" | tr "\\n" N', 'sh', argument], { from })
    expect((await measure(check)).message).toBe(`a  b'"$(id)\`;*Nweb`)
  })

  test('a value that means something to a shell is not put into a text for it', async () => {
    const check = commandCheckOf('echo {{vars.x}}', { from })
    expect(await measure(check, { x: 'plain-1.2/3' })).toEqual({ result: 'pass', message: 'plain-1.2/3' })
    expect(await measure(check, { x: '$(id)' })).toMatchObject({ result: 'error' })
  })

  test('what no program can be given is an error', async () => {
    const nul = { result: 'error', message: expect.stringContaining('NUL') as string }
    expect(await measure(commandCheckOf("tr '\0' x", { from }))).toEqual(nul)
    expect(await measure(commandCheckOf(['true', 'a\0b'], { from }))).toEqual(nul)
    expect(await measure(commandCheckOf(['true'], { from }), { x: '\0' })).toEqual(nul)
  })

  test('a program that a signal ended is an error', async () => {
    const measured = await measure(commandCheckOf('kill -SEGV $$', { from }))
    expect(measured.result).toBe('error')
    expect(measured.message).toMatch(/killed by (signal 11|SIGSEGV)/)
  })

  test('what it leaves in the background is ended with it', async () => {
    const check = commandCheckOf('sleep 299 & echo done', { from })
    expect(await measure(check)).toEqual({ result: 'pass', message: 'done' })
  })
})

test.each(places)(
  'from the %s, a program that stays behind in a session of its own is not waited for',
  async (from) => {
    const file = join(rig.directory, `stays-${from}`)
    const script = `setsid sh -c 'echo $$ > ${file}; exec sleep 100' & until [ -s ${file} ]; do :; done; exit 1`
    expect(await measure(commandCheckOf(script, { from }))).toMatchObject({ result: 'fail' })
    // Only a cgroup could have ended it.
    process.kill(Number(readFileSync(file, 'utf8')))
  },
)

test('checks that are due together share one connection, and one that hangs holds up no other', async () => {
  const before = rig.ssh.calls.length
  const [hangs, passes, fails] = await Promise.all([
    measure(commandCheckOf('sleep 250', { from: 'host', timeoutMs: 2_000 })),
    measure(commandCheckOf('echo fine', { from: 'host' })),
    measure(commandCheckOf('echo bad; exit 1', { from: 'host' })),
  ])
  expect([hangs, passes, fails]).toEqual([
    { result: 'error', message: 'it did not end within 2s' },
    { result: 'pass', message: 'fine' },
    { result: 'fail', message: 'bad' },
  ])
  expect(rig.ssh.calls.length - before).toBe(1)
})

test('after a refused login no check of that host connects again in that phase', async () => {
  const ssh = new DoubleSsh({ web: 'echo "sma@web: Permission denied (publickey)." >&2; exit 255\n' })
  const remote = sshRemote(rig.directory)
  const type = commandCheck(hostShell(remote, systemClock), rig.directory)
  const settings = sampleSettings('web', { address: ['web'] })
  const ask = (phase: 'after' | 'rollback') =>
    type.measure(
      commandCheckOf(['true'], { from: 'host' }),
      sampleAttempt({ settings, phase }),
      new AbortController().signal,
    )
  for (let count = 0; count < 3; count += 1) expect((await ask('after')).message).toContain('login refused')
  expect(ssh.calls).toHaveLength(1)
  expect((await ask('rollback')).message).toContain('login refused')
  expect(ssh.calls).toHaveLength(2)
  await remote.close()
  ssh.close()
})

test('a missing program is found before anything is asked', async () => {
  const signal = new AbortController().signal
  const missing = (check: CommandCheck) => rig.type.missing?.(check, signal)
  writeFileSync(join(rig.directory, 'probe'), '#!/bin/sh\n')
  expect(await missing(commandCheckOf(['./probe']))).toMatchObject({ code: 'check/missing-program' })
  chmodSync(join(rig.directory, 'probe'), 0o755)
  expect(await missing(commandCheckOf(['./probe']))).toBeNull()
  expect(await missing(commandCheckOf(['sh']))).toBeNull()
  expect(await missing(commandCheckOf(['no-such-program']))).toMatchObject({ code: 'check/missing-program' })
  expect(await missing(commandCheckOf(['no-such-program'], { from: 'host' }))).toBeNull()
})

test('variables of a check reach its program, and stand in no argument, which every user of the host could read', async () => {
  const vars = { token: "canary-of-fleet'\nsecond line" }
  const lines = commandCheckOf('printf %s "$token" | tail -n 1', { from: 'host', vars })
  expect(await measure(lines)).toEqual({ result: 'pass', message: 'second line' })
  // The brackets keep the question's own arguments from being found.
  const look = `cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\\0' '\\n' | grep -c 'canar[y]-of-fleet'`
  expect(await measure(commandCheckOf(look, { from: 'host', vars }))).toEqual({ result: 'fail', message: '0' })
})
