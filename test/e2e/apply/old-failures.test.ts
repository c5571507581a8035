import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Lab, startLab } from '../../lab/lab.ts'
import { lastLine, Operator } from '../fleet.ts'

const host = 'alpha'
const old = 'nginx.service'

let lab: Lab
let operator: Operator

beforeAll(async () => {
  lab = await startLab({ hosts: { [host]: { services: ['nginx'] } } })
  operator = new Operator(lab)
  const answer = await operator.fleet('apply', '--auto-approve')
  expect(answer.code, answer.stdout).toBe(0)
  // From now on it fails whenever it is started, in the system that runs as in any other.
  await lab.break(host, 'unit-fails', { parameter: old, spare: 'nothing' })
  await lab.inside(host, `systemctl lab-fail ${old}`)
})

afterAll(async () => {
  operator?.close()
  await lab?.stop()
})

it('a unit that had failed before condemns no change, and is told', async () => {
  await lab.set(host, 'motd', 'changed')
  const answer = await operator.fleet('apply', '--auto-approve')
  expect(answer.stdout).toContain(`still failed, as before: ${old}`)
  expect(lastLine(answer.stdout)).toBe('Apply complete: 1 changed, 0 failed, 0 not started.')
  expect(answer.code).toBe(0)
})

it('hides no activation script that fails, and does not make its rollback one that failed', async () => {
  const before = await operator.runs(host)
  await lab.set(host, 'motd', 'not to stay')
  await lab.break(host, 'activation-fails')
  const answer = await operator.fleet('apply', '--auto-approve')
  expect([1, 3], answer.stdout).toContain(answer.code)
  expect(answer.stdout).toContain('now running its previous system (verified)')
  expect(answer.stdout).toContain(`still failed, as before: ${old}`)
  expect((await operator.runs(host)).system).toBe(before.system)
})
