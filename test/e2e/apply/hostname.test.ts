import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Lab, startLab } from '../../lab/lab.ts'
import { lastLine, Operator } from '../fleet.ts'

const host = 'alpha'

let lab: Lab
let operator: Operator

beforeAll(async () => {
  lab = await startLab({ hosts: { [host]: { services: [] } }, start: 'converged' })
  operator = new Operator(lab)
})

afterAll(async () => {
  operator?.close()
  await lab?.stop()
})

/** The lab's host under another name in fleet.yaml. */
function call(name: string, settings = ''): void {
  operator.write('')
  const file = join(operator.directory, 'fleet.yaml')
  const text = readFileSync(file, 'utf8').replace(`  ${host}: { `, `  ${name}: { attribute: ${host}, ${settings}`)
  writeFileSync(file, text)
}

it('a name of fleet.yaml that is an FQDN with capitals needs no expectHostname', async () => {
  await lab.set(host, 'motd', 'first')
  call('Alpha.example.org')
  const { plan } = await operator.plan()
  expect(plan.body.hosts['Alpha.example.org']?.settings.expectHostname).toBe(host)
  const answer = await operator.fleet('apply', '--auto-approve')
  expect(answer.code, answer.stdout).toBe(0)
  const status = await operator.fleet('status')
  expect(status.stdout).not.toContain('hostname is')
})

it('a host is renamed with its present name written, and rolled back under its new one', async () => {
  await lab.set(host, 'hostName', 'omega')
  call(host)
  const planned = await operator.fleet('plan')
  expect(planned.stdout).toContain('hostname is "alpha", expected "omega"')
  expect(planned.stdout.replaceAll(/\s+/g, ' ')).toContain('write `expectHostname: alpha` for it until')
  const refused = await operator.fleet('apply', '--auto-approve')
  expect(refused.stdout).toContain('hostname is "alpha", expected "omega"')
  call(host, 'expectHostname: alpha, ')
  const answer = await operator.fleet('apply', '--auto-approve')
  expect(answer.code, answer.stdout).toBe(0)
  await lab.inside(host, 'hostname omega')
  const back = await operator.fleet('rollback', '--auto-approve')
  expect(back.code, back.stdout + back.stderr).toBe(0)
  expect(lastLine(back.stdout)).toBe('Apply complete: 1 changed, 0 failed, 0 not started.')
})
