import { expect, test } from 'vitest'
import type { HostSettings, PlanBody, Wave } from '../../../src/model/plan/plan-schema.ts'
import { unsupported } from '../../../src/pipeline/plan/unsupported.ts'
import { sampleCheck } from '../../rig/doubles/world.ts'
import { changed, excluded, samplePlan, sampleSettings, sampleWave } from '../../rig/samples/plan.ts'

const supported = { engines: ['nix'], checkTypes: ['ssh'] }
const tcp = { ...sampleCheck(), type: 'tcp', address: null, port: 80, from: 'operator' } as const

/** A plan of `web`, with these settings, and of `db`, in one wave each. */
function bodyOf(
  settings: Partial<HostSettings> = {},
  wave: Partial<Wave> = {},
  more: Partial<PlanBody> = {},
): PlanBody {
  const web = { ...changed('web'), settings: sampleSettings('web', { checks: ['alive'], ...settings }) }
  const db = { ...changed('db'), settings: sampleSettings('db', { checks: [] }) }
  const waves = [sampleWave('first', ['web'], wave), sampleWave('second', ['db'])]
  return samplePlan({ web, db }, waves, { checks: { alive: sampleCheck() }, ...more }).body
}

function found(body: PlanBody, hosts: readonly string[] = ['web', 'db']): readonly string[] {
  return unsupported(body, new Set(hosts), supported).map(({ host, detail }) => `${host ?? '-'}: ${detail}`)
}

test('all that fleet.yaml may say of limits, gates, hooks and locks is carried out', () => {
  const lock = { http: 'https://locks.example/' }
  const hooks = [{ on: ['before.run'], run: ['./gate.sh'], timeoutMs: 30_000, onError: 'fail' as const }]
  for (const rollback of ['none', 'host', 'wave', 'run'] as const)
    expect(
      found(bodyOf({ reboot: 'when-needed', buildOn: 'target' }, { rollback, checks: ['alive'] }, { lock, hooks })),
    ).toEqual([])
})

test('an engine that is not there is refused, where its host is selected', () => {
  const body = bodyOf({ engine: 'nixos-rebuild' })
  expect(found(body)).toEqual(['web: Engine nixos-rebuild; set engine: nix.'])
  expect(found(body, ['db'])).toEqual([])
})

test('a check of a type that is not there is refused, where a selected host or its wave uses it', () => {
  const checks = { alive: sampleCheck(), port: tcp }
  const said = ['-: Check port has type tcp; checks that work are of type ssh.']
  const ofHost = bodyOf({ checks: ['alive', 'port'] }, {}, { checks })
  expect(found(ofHost)).toEqual(said)
  expect(found(ofHost, ['db'])).toEqual([])
  expect(found(bodyOf({}, { checks: ['port'] }, { checks }))).toEqual(said)
})

test('everything is told at once', () => {
  const more = { checks: { alive: sampleCheck(), port: tcp } }
  expect(found(bodyOf({ engine: 'nixos-rebuild', checks: ['port'] }, {}, more))).toHaveLength(2)
})

test('a host that is not part of the plan is not judged', () => {
  const web = {
    ...excluded('web', 'not selected'),
    settings: sampleSettings('web', { engine: 'nixos-rebuild', checks: [] }),
  }
  expect(found(samplePlan({ web }).body)).toEqual([])
})
