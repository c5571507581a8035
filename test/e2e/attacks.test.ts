import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { eventually } from '../lab/eventually.ts'
import { type Lab, startLab } from '../lab/lab.ts'
import { Operator } from './fleet.ts'

/** Attacks by a host and by a user on one, each of which once succeeded on hosts like these. */
const calm = 'checks: [ssh], activation: { timeout: 4m, confirmTimeout: 1m }'
const secret = mkdtempSync(join(tmpdir(), 'fleet-secret-'))
let lab: Lab
let operator: Operator
let revision = 0

beforeAll(async () => {
  writeFileSync(join(secret, 'key'), 'TOP SECRET of the operator\n')
  lab = await startLab({ hosts: { alpha: { services: [] }, beta: { services: [] } } })
  operator = new Operator(lab)
})
beforeEach(async () => {
  operator.write('', { alpha: calm, beta: calm })
  revision += 1
  await lab.set('*', 'motd', `revision ${revision}`)
})
afterAll(async () => {
  operator?.close()
  rmSync(secret, { recursive: true })
  await lab?.stop()
})

/** Runs a command on alpha as a user who may do nothing; resolves when it has come to its sleep. */
async function byUser(command: string): Promise<void> {
  const quoted = command.replaceAll("'", String.raw`'\''`)
  await lab.inside(
    'alpha',
    `setsid setpriv --reuid=65534 --regid=65534 --clear-groups /usr/bin/bash -c '${quoted}' </dev/null >/dev/null 2>&1 &`,
  )
  await eventually('the user’s program sleeps', async () => {
    const { code } = await lab.inside('alpha', 'pgrep -u 65534 -x sleep')
    return code === 0
  })
}

it('a host whose /etc links out of the store has no file of the operator in the plan', async () => {
  const link = (path: string) =>
    `f=$(readlink -f /run/current-system/etc)/motd; mount -o remount,rw /nix 2>/dev/null; ln -sfn ${path} "$f"; readlink "$f"`
  const before = await lab.inside('alpha', 'readlink $(readlink -f /run/current-system/etc)/motd')
  const { system } = await operator.runs('alpha')
  const target = `${system}/../../..${secret}/key`
  const made = await lab.inside('alpha', link(target))
  expect(made.stdout.trim()).toBe(target)
  try {
    const { file } = await operator.plan('leak.json', '--on', 'alpha')
    const shown = await operator.fleet('show', file, '--format', 'markdown')
    expect(readFileSync(file, 'utf8') + shown.stdout).not.toContain('TOP SECRET')
  } finally {
    await lab.inside('alpha', link(before.stdout.trim()))
  }
})

it('a host that prints a long line holds nobody up', async () => {
  await lab.break('alpha', 'speaks', { parameter: 'a'.repeat(256 * 1024) })
  const { file } = await operator.plan()
  const running = operator.start('apply', file, '--json')
  const end = await running.end()
  await lab.mend('alpha')
  expect(running.stdout).not.toContain('host.rolled-back')
  expect(end).toBe(0)
})

it('a user of a host who holds its lock file holds up no run', async () => {
  await operator.fleet('apply', '--auto-approve')
  await lab.set('*', 'motd', `revision ${revision} once more`)
  await byUser('exec 9</run/fleet/host.lock; flock -x 9; exec sleep 300')
  const answer = await operator.fleet('apply', '--auto-approve', '--lock-timeout', '0s')
  await lab.inside('alpha', 'pkill -u 65534')
  expect(answer.code, answer.stdout + answer.stderr).toBe(0)
})

it('a program of a user that is called like an activation is none', async () => {
  await byUser('exec -a "/bin/switch-to-configuration switch" sleep 300')
  const answer = await operator.fleet('apply', '--auto-approve', '--lock-timeout', '0s')
  await lab.inside('alpha', 'pkill -u 65534')
  expect(answer.code, answer.stdout + answer.stderr).toBe(0)
})

it('a check’s values are in no list of processes', async () => {
  const check = `checks:
  look: { type: command, run: "tr '\\\\0' ' ' </proc/$PPID/cmdline >>/tmp/seen; cat /proc/[0-9]*/cmdline | tr '\\\\0' ' ' >>/tmp/seen; test -n \\"$token\\"", vars: { token: TOP-SECRET-42 }, interval: 1s, timeout: 20s, deadline: 20s }
`
  operator.write(check, { alpha: `checks: [ssh, look], activation: { timeout: 4m, confirmTimeout: 1m }`, beta: calm })
  const answer = await operator.fleet('apply', '--auto-approve', '--on', 'alpha')
  expect(answer.code, answer.stdout + answer.stderr).toBe(0)
  const seen = await lab.inside('alpha', 'cat /tmp/seen; rm /tmp/seen')
  expect(seen.stdout).toContain('sh')
  expect(seen.stdout).not.toContain('TOP-SECRET-42')
})
