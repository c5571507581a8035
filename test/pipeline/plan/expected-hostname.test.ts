import { expect, test } from 'vitest'
import { readEvaluation } from '../../../src/adapters/nix/evaluation-answer.ts'
import { isThisMachine } from '../../../src/model/fleet/this-machine.ts'
import { parseObservation } from '../../../src/pipeline/observe/parse.ts'
import { planHost } from '../../../src/pipeline/plan/plan-host.ts'
import { DoubleHost } from '../../rig/doubles/host.ts'
import { fleetOf } from '../../rig/files/fleet-file.ts'
import { sampleEvaluation } from '../../rig/samples/evaluation.ts'
import { storePath } from '../../rig/samples/plan.ts'

/** How a host of that name and that line in fleet.yaml is planned, that answers and is configured with those names. */
function planned(name: string, line: string, { answers, configured }: { answers: string; configured: string | null }) {
  const [host] = fleetOf(`hosts: { ${name}: { engine: nix, ${line} } }`).hosts
  if (host === undefined) throw new Error('no host')
  const observation = parseObservation(new DoubleHost(answers).observation('n'), 'n')
  if (!observation.ok) throw new Error('no observation')
  const { system, profile, platform } = observation.value
  const target = { system, profile: profile ?? system, platform: platform ?? '' }
  const evaluation = { ...sampleEvaluation(name), ...target, hostname: configured }
  const findings = { difference: null, drift: [], warnings: [] }
  return planHost(host, 'all', { ...findings, evaluation: { ok: true, value: evaluation }, observation })
}

const guard = (...args: Parameters<typeof planned>) => {
  const { settings, notes } = planned(...args)
  return [settings.expectHostname, ...notes.filter(({ code }) => code === 'plan/hostname').map(({ detail }) => detail)]
}

test('a host must answer the name that its configuration sets: an FQDN or capitals in fleet.yaml need nothing written', () => {
  expect(guard('h1.example.org', '', { answers: 'h1', configured: 'h1' })).toEqual(['h1'])
  expect(guard('WEB', '', { answers: 'web', configured: 'web' })).toEqual(['web'])
})

test('where the configuration sets no name, or it is not known, it is the name in fleet.yaml', () => {
  expect(guard('web', '', { answers: 'web', configured: null })).toEqual(['web'])
})

test('expectHostname overrides the configuration, and turns the guard off', () => {
  expect(guard('web', 'expectHostname: other', { answers: 'other', configured: 'web' })).toEqual(['other'])
  expect(guard('web', 'expectHostname: false', { answers: 'any', configured: 'web' })).toEqual([null])
})

test('another machine is refused, and so is one that is being renamed, with what to write', () => {
  expect(guard('web', '', { answers: 'old', configured: 'new' })).toEqual([
    'new',
    'fleet will not activate anything on it. Check its address. If the host is right and this change renames it, write `expectHostname: old` for it until it has its new name.',
  ])
})

test('a name that the configuration sets makes no host the machine that fleet runs on', () => {
  const { settings } = planned('web', '', { answers: 'nixos', configured: 'nixos' })
  expect(isThisMachine(settings, 'nixos')).toBe(false)
  expect(isThisMachine(planned('web', '', { answers: 'web', configured: 'web' }).settings, 'web')).toBe(true)
})

test('a configuration may say anything for its name: what no host can be called is not known', () => {
  const answer = { drv: storePath('a', 'x.drv'), out: storePath('a', 'x'), platform: 'x86_64-linux' }
  const read = (hostname: unknown) => readEvaluation(JSON.stringify({ ...answer, hostname }))?.hostname
  expect(['h1', 'H-1', '', '\u001B[2J', '-o', 7, null].map(read)).toEqual(['h1', 'H-1', null, null, null, null, null])
})
