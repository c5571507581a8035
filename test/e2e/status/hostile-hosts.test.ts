import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startLab, type Lab } from '../../lab/lab.ts'
import type { Answer } from '../../lab/run.ts'
import { Operator } from '../fleet.ts'

let lab: Lab
let operator: Operator

beforeAll(async () => {
  lab = await startLab({
    hosts: Object.fromEntries(['calm', 'hanging', 'refusing', 'flooding'].map((name) => [name, { services: [] }])),
  })
  operator = new Operator(lab)
  operator.write('', { hanging: 'ssh: { connectTimeout: 1s }' })
  // A log of its own: what a host sees of a login is the only truth about how often it was tried.
  const sshd = '/usr/sbin/sshd -f /etc/ssh/lab_sshd_config -o LogLevel=VERBOSE -E /run/lab/attempts'
  await lab.inside('refusing', `kill "$(cat /run/lab/sshd.pid)"; rm -f /run/lab/sshd.pid; ${sshd}`)
  await lab.break('hanging', 'hangs-after-login')
  await lab.break('refusing', 'refuses-login')
  await lab.break('flooding', 'floods')
})

afterAll(async () => {
  operator?.close()
  await lab?.stop()
})

/** Control characters but line feeds, invisible ones, and what the flood says. */
// oxlint-disable-next-line no-control-regex -- that there are none is what is looked for
const strange = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e]|evil|desrever|<script>/

function expectClean({ stdout, stderr }: Pick<Answer, 'stdout' | 'stderr'>): void {
  expect(stdout).not.toMatch(strange)
  expect(stderr).not.toMatch(strange)
}

it('a host that hangs, one that refuses and one that floods keep nobody else from being planned', async () => {
  const { plan, answer } = await operator.plan()
  expect(plan.body.hosts).toMatchObject({
    calm: { action: 'change' },
    flooding: { action: 'change' },
    hanging: { action: 'unreachable', failure: { code: 'ssh/timed-out' } },
    refusing: { action: 'unreachable', failure: { code: 'ssh/refused-login' } },
  })
  expectClean(answer)
  const { stdout } = await lab.inside('refusing', 'cat /run/lab/attempts')
  expect(stdout.match(/^Connection from /gm)).toHaveLength(1)
  expect(stdout.match(/^Failed publickey /gm)).toHaveLength(1)
})

it.each(['text', 'markdown', 'html', 'json'])('nothing that a host screams is in the plan as %s', async (format) => {
  expectClean(await operator.fleet('show', join(operator.directory, 'plan.json'), '--format', format, '--verbose'))
})

it('nor in the status, which a plan can be made from', async () => {
  const answer = await operator.fleet('status', '--json', '--on', 'flooding', '--on', 'calm')
  expectClean(answer)
  expectClean(await operator.fleet('status', '--verbose', '--on', 'flooding'))
  const file = join(operator.directory, 'status.json')
  writeFileSync(file, answer.stdout)
  expectClean(await operator.fleet('plan', '--observed', file, '--on', 'flooding'))
})
