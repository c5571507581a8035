import { expect, test } from 'vitest'
import type { HostSettings, Plan } from '../../../src/model/plan/plan-schema.ts'
import { loadPlan } from '../../../src/pipeline/plan/load.ts'
import { planIdOf } from '../../../src/pipeline/plan/sign.ts'
import { changed, hostilePlanOf, samplePlan } from '../../rig/samples/plan.ts'

const draft = samplePlan({ web: changed('web') })
const plan: Plan = { ...draft, planId: planIdOf(draft.body) }

function refusals(value: unknown): readonly string[] {
  const outcome = loadPlan(typeof value === 'string' ? value : JSON.stringify(value), 'plan.json')
  return outcome.ok ? [] : outcome.diagnostics.map(({ code }) => code)
}

test('a plan is read back as it was', () => {
  expect(loadPlan(JSON.stringify(plan, null, 2), 'plan.json')).toEqual({ ok: true, value: plan, diagnostics: [] })
})

test('the order of its keys and its white space do not matter', () => {
  const turned = Object.fromEntries(Object.entries(plan.body).toReversed())
  expect(refusals({ ...plan, body: turned })).toEqual([])
})

test('a later minor of the same format is read', () => expect(refusals({ ...plan, format: '1.7' })).toEqual([]))

test('when and by whom it was made is no part of its identity', () => {
  expect(refusals({ ...plan, createdAt: '2026-01-01T00:00:00Z', createdBy: 'b@c' })).toEqual([])
})

test.each<[string, unknown, string]>([
  ['an empty file', '', 'plan/not-json'],
  ['half a file', JSON.stringify(plan).slice(0, -20), 'plan/not-json'],
  ['another document', { hello: 1 }, 'plan/not-a-plan'],
  ['a list', [], 'plan/not-a-plan'],
  ['null', null, 'plan/not-a-plan'],
  ['a format that is no version', { ...plan, format: 'latest' }, 'plan/not-a-plan'],
  ['a format of another major', { ...plan, format: '2.0' }, 'plan/other-format'],
  ['a format whose major only begins alike', { ...plan, format: '10.0' }, 'plan/other-format'],
  ['a plan without a body', { ...plan, body: undefined }, 'plan/damaged'],
  ['a plan with hosts of no kind', { ...plan, body: { ...plan.body, hosts: { web: {} } } }, 'plan/damaged'],
  ['another target', tampered(), 'plan/tampered'],
  ['another id', { ...plan, planId: `sha256:${'0'.repeat(64)}` }, 'plan/tampered'],
  ['a body with one more key', { ...plan, body: { ...plan.body, extra: 1 } }, 'plan/tampered'],
])('%s is refused', (_, value, code) => expect(refusals(value)).toEqual([code]))

function tampered(): unknown {
  return JSON.parse(JSON.stringify(plan).replace('nixos-system-web-25.05', 'nixos-system-evil-25.05'))
}

/** A plan that says so of its host, signed by whoever wrote it. */
function signed(settings: Partial<HostSettings>, name = 'web'): Plan {
  const planned = changed('web')
  const { body } = hostilePlanOf({ [name]: { ...planned, settings: { ...planned.settings, ...settings } } })
  return { ...draft, body, planId: planIdOf(body) }
}

test.each([
  '../../../../tmp/evil',
  '..',
  '/etc/passwd',
  '-oProxyCommand=id',
  'web\nProxyCommand id',
  'web 1',
  '',
  'a'.repeat(254),
])('a host called %j is refused: names become paths and words of commands', (name) => {
  expect(refusals(signed({}, name))).toEqual(['plan/damaged'])
})

const ssh = (more: Partial<HostSettings['ssh']>) => ({ ssh: { ...changed('web').settings.ssh, ...more } })

test.each<[string, Partial<HostSettings>]>([
  ['an address that is an option', { address: ['-oProxyCommand=id'] }],
  ['an address with a login', { address: ['root@web'] }],
  ['a login that is an option', ssh({ user: '-oProxyCommand=id' })],
  ['a key file of two lines', ssh({ identityFile: 'id\nProxyCommand id' })],
  ['a host key of two lines', ssh({ hostKey: 'ssh-ed25519 AAAA\nweb ssh-rsa AAAA' })],
  ['an option of two lines', ssh({ options: { Compression: 'yes\n  ProxyCommand id' } })],
  ['an option whose name is a line', ssh({ options: { 'ProxyCommand id\n  Compression': 'yes' } })],
  ['a prefix of two lines', { sudo: 'sudo\n-n' }],
  ['an attribute that ends its quotes', { attribute: 'web".config' }],
  ['a host before it that is a path', { dependsOn: ['../web'] }],
  ['a variable that is no name', { vars: { 'A;id': '1' } }],
])('%s is refused', (_, settings) => expect(refusals(signed(settings))).toEqual(['plan/damaged']))

test.each<[string, Partial<HostSettings>]>([
  ['no check of host keys', ssh({ options: { StrictHostKeyChecking: 'no' } })],
  ['a program on this machine', ssh({ options: { LocalCommand: 'id' } })],
  ['a forwarded agent', ssh({ options: { forwardagent: 'yes' } })],
  ['other keys than the pinned one', ssh({ hostKey: 'ssh-ed25519 AAAA', options: { UserKnownHostsFile: '/tmp/k' } })],
])('%s is refused in a plan as in fleet.yaml', (_, settings) =>
  expect(refusals(signed(settings))).toEqual(['config/unsafe-ssh-option']),
)
