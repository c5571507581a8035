import { expect, test } from 'vitest'
import type { Hook, HostSettings, PlanBody, Wave } from '../../src/model/plan-schema.ts'
import { unsupported } from '../../src/pipeline/support.ts'
import { sampleCheck } from '../rig/double-world.ts'
import { changed, excluded, samplePlan, sampleSettings, sampleWave } from '../rig/sample-plan.ts'

const supported = { engines: ['nix'], checkTypes: ['ssh'] }

function bodyOf(
  settings: Partial<HostSettings> = {},
  wave: Partial<Wave> = {},
  more: Partial<PlanBody> = {},
): PlanBody {
  const drafts = {
    web: { ...changed('web'), settings: sampleSettings('web', { checks: ['alive'], ...settings }) },
    db: { ...changed('db'), settings: sampleSettings('db', { checks: ['alive'] }) },
  }
  const waves = [sampleWave('first', ['web'], wave), sampleWave('second', ['db'])]
  return samplePlan(drafts, waves, { checks: { alive: sampleCheck() }, ...more }).body
}

function found(body: PlanBody, hosts = ['web', 'db']): readonly string[] {
  return unsupported(body, new Set(hosts), supported).map(({ host, detail }) => `${host ?? '-'}: ${detail}`)
}

test('a plan of what works is supported', () => expect(found(bodyOf())).toEqual([]))

test.each<[Partial<HostSettings>, string]>([
  [{ engine: 'deploy-rs' }, 'web: Engine deploy-rs; set engine: nix.'],
  [{ buildOn: 'target' }, 'web: buildOn: target; what works is operator.'],
  [{ reboot: 'when-needed' }, 'web: reboot: when-needed; what works is never.'],
])('settings %j are refused, where the host is selected', (settings, detail) => {
  expect(found(bodyOf(settings))).toEqual([detail])
  expect(found(bodyOf(settings), ['db'])).toEqual([])
})

test.each<[Partial<Wave>, string]>([
  [{ rollback: 'wave' }, '-: Wave first has rollback: wave; what works is none and host.'],
  [{ rollback: 'run' }, '-: Wave first has rollback: run; what works is none and host.'],
  [{ checks: ['alive'] }, '-: Wave first has gate checks.'],
])('a wave with %j is refused, where a host of it is selected', (wave, detail) => {
  expect(found(bodyOf({}, wave))).toEqual([detail])
  expect(found(bodyOf({}, wave), ['db'])).toEqual([])
})

test('a check of a type that does not work is refused where a selected host uses it', () => {
  const tcp = { ...sampleCheck(), type: 'tcp', address: null, port: 80, from: 'operator' } as const
  const body = bodyOf({ checks: ['alive', 'port'] }, {}, { checks: { alive: sampleCheck(), port: tcp } })
  expect(found(body)).toEqual(['-: Check port has type tcp; checks that work are of type ssh.'])
  expect(found(body, ['db'])).toEqual([])
})

test.each([{ precondition: true }, { when: ['before'] as const }])('a check with %j is refused', (more) => {
  expect(found(bodyOf({}, {}, { checks: { alive: sampleCheck(more) } }))).toEqual([
    '-: Check alive is to run before the change; checks run after it only.',
  ])
})

test('hooks are refused: one that is left out may be the one that guards', () => {
  const hook: Hook = { on: ['before.run'], run: ['./gate.sh'], timeoutMs: 30_000, onError: 'fail' }
  expect(found(bodyOf({}, {}, { hooks: [hook] }))).toEqual(['-: Hooks are not called.'])
})

test('everything is told at once', () => {
  const body = bodyOf({ engine: 'deploy-rs', reboot: 'when-needed' }, { rollback: 'run' })
  expect(found(body)).toHaveLength(3)
})

test('a host that is not part of the plan is not judged', () => {
  const web = {
    ...excluded('web', 'not selected'),
    settings: sampleSettings('web', { engine: 'deploy-rs', checks: [] }),
  }
  expect(found(samplePlan({ web }).body)).toEqual([])
})
