import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Lab, startLab } from '../../lab/lab.ts'
import { Operator } from '../fleet.ts'

const host = 'alpha'

let lab: Lab
let operator: Operator

beforeAll(async () => {
  lab = await startLab({ hosts: { [host]: { services: [] } }, start: 'converged' })
  operator = new Operator(lab)
  await lab.set(host, 'inhibitors.dbus-implementation', 'another')
})

afterAll(async () => {
  operator?.close()
  await lab?.stop()
})

it('a switch that NixOS would refuse is foreseen, and apply does not start', async () => {
  const before = await operator.runs(host)
  operator.write('', { [host]: 'reboot: when-needed' })
  const planned = await operator.fleet('plan')
  expect(planned.stdout).toContain('cannot switch while running')
  expect(planned.stdout).not.toContain('fleet will reboot')
  const answer = await operator.fleet('apply', '--auto-approve')
  expect(answer.code, answer.stdout).toBe(5)
  expect(answer.stderr).toContain('the host cannot switch while running [plan/inhibited]')
  expect(await operator.runs(host)).toEqual(before)
})

it('with onInhibitors: boot the system is set for the next boot, and a reboot brings it', async () => {
  operator.write('', { [host]: 'onInhibitors: boot, reboot: when-needed' })
  const planned = await operator.fleet('plan')
  expect(planned.stdout).toContain('activated at the next boot')
  const answer = await operator.fleet('apply', '--auto-approve')
  expect(answer.code, answer.stdout).toBe(0)
  const { system, profile } = await operator.runs(host)
  expect(system).toBe(profile.replace(/^.*(\/nix\/store\/)/, '$1'))
  expect((await operator.fleet('plan', '--detailed-exitcode')).stdout).toContain('Up to date')
})
