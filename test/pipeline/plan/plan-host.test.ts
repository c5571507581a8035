import { expect, test } from 'vitest'
import { parseObservation } from '../../../src/pipeline/observe/parse.ts'
import { planHost } from '../../../src/pipeline/plan/plan-host.ts'
import { DoubleHost } from '../../rig/doubles/host.ts'
import { fleetOf } from '../../rig/files/fleet-file.ts'
import { sampleEvaluation } from '../../rig/samples/evaluation.ts'

/** What the plan notes of a host whose login may not act as root, with that `sudo` in fleet.yaml. */
function noted(sudo: string, mayActAsRoot = false): readonly string[] {
  const [host] = fleetOf(`hosts: { web: { sudo: '${sudo}' } }`).hosts
  if (host === undefined) throw new Error('no host')
  const double = new DoubleHost('web')
  double.mayActAsRoot = mayActAsRoot
  const findings = { difference: null, drift: [], warnings: [] }
  const evaluation = { ok: true, value: sampleEvaluation('web') } as const
  const observation = parseObservation(double.observation('n'), 'n')
  const planned = planHost(host, 'all', { ...findings, evaluation, observation })
  return planned.notes.filter(({ code }) => code === 'plan/no-root').map(({ detail }) => detail ?? '')
}

test('the plan says of a login that may not act as root what apply would do, and what helps', () => {
  const helps =
    'fleet would refuse this host before changing anything. Let the login become root without a password, set `sudo` for the host, or `ssh.user: root`.'
  expect(noted('auto')).toEqual([`\`sudo -n\` needs a password, or is not there. ${helps}`])
  expect(noted('doas -n')).toEqual([`\`doas -n\` needs a password, or is not there. ${helps}`])
  expect(noted('auto', true)).toEqual([])
})
