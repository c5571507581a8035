import { expect, it } from 'vitest'
import { decidedByFleet, differenceHere, runsHere, type RunsThere } from '../../../src/model/fleet/runs-here.ts'
import type { Check, DeployRsNode } from '../../../src/model/plan/plan-schema.ts'
import { sampleCheck, sampleProbe } from '../../rig/doubles/world.ts'
import { sampleSettings } from '../../rig/samples/plan.ts'

const { type: _, ...timing } = sampleCheck()
const command = (run: string | readonly string[], from: 'operator' | 'host'): Check => ({
  ...timing,
  type: 'command',
  run,
  protocol: 'exit',
  from,
  vars: {},
})
const nothing: RunsThere = { hooks: [], checks: {}, waves: [], hosts: {}, lock: null }

/** One host with these checks and options of ssh. */
function fleet(more: Partial<RunsThere>, options: Readonly<Record<string, string>> = {}): RunsThere {
  const checks = Object.keys(more.checks ?? {})
  const { ssh } = sampleSettings('web')
  return {
    ...nothing,
    ...more,
    hosts: { web: { settings: sampleSettings('web', { checks, ssh: { ...ssh, options } }) } },
  }
}

it('a fleet without programs of its own runs nothing here', () => {
  expect(runsHere(fleet({ checks: { ssh: sampleCheck(), units: command(['systemctl'], 'host') } }))).toEqual([])
})

it('hooks, checks from here, modules, programs of ssh and the lock server run here', () => {
  const checks: RunsThere['checks'] = {
    script: command('curl -f x\nexit 0', 'operator'),
    words: command(['probe', 'a b'], 'operator'),
    there: command(['probe'], 'host'),
    port: sampleProbe(),
    module: { ...timing, type: 'module', path: './check.mjs', with: { least: 2 } },
  }
  const hooks = [{ on: ['before.run'], run: ['./gate', '$(x)'], timeoutMs: 1, onError: 'fail' as const }]
  const options = { ProxyCommand: 'nc %h %p', proxyjump: 'bastion', KnownHostsCommand: '/bin/keys', Compression: 'yes' }
  expect(runsHere(fleet({ checks, hooks, lock: { http: 'https://locks.example' } }, options))).toEqual([
    { kind: 'hook', name: 'before.run', what: "./gate '$(x)'" },
    { kind: 'check', name: 'script', what: 'curl -f x\nexit 0' },
    { kind: 'check', name: 'words', what: "probe 'a b'" },
    { kind: 'check', name: 'port', what: 'connects to the host, port 80' },
    { kind: 'module', name: 'module', what: './check.mjs {"least":2}' },
    { kind: 'ssh', name: 'ProxyCommand', what: 'nc %h %p' },
    { kind: 'ssh', name: 'KnownHostsCommand', what: '/bin/keys' },
    { kind: 'lock', name: '', what: 'https://locks.example' },
  ])
})

it('a check that no host and no wave names does not run', () => {
  const checks = { script: command('x', 'operator') }
  expect(runsHere({ ...nothing, checks })).toEqual([])
  expect(runsHere({ ...nothing, checks, waves: [{ checks: ['script'] }] })).toHaveLength(1)
})

it('what a node of deploy-rs says of ssh runs here, and is not decided by fleet.yaml', () => {
  const node = {
    sshOpts: ['-o', 'ProxyCommand=evil --now', '-p', '22', '-oMatch=exec evil'],
  } as unknown as DeployRsNode
  const there = { ...nothing, hosts: { web: { settings: sampleSettings('web'), to: { deployRs: node } } } }
  expect(runsHere(there)).toEqual(
    expect.arrayContaining([
      { kind: 'ssh', name: 'ProxyCommand', what: 'evil --now' },
      { kind: 'ssh', name: 'Match', what: 'exec evil' },
    ]),
  )
  expect(runsHere(decidedByFleet(there)).filter(({ kind }) => kind === 'ssh')).toEqual([])
})

it('tells what came and what went; the same of another host is the same', () => {
  const [a, b, c] = ['a', 'b', 'c'].map((what) => ({ kind: 'hook', name: 'x', what }) as const)
  if (a === undefined || b === undefined || c === undefined) throw new Error('three were made')
  expect(differenceHere([a, b], [{ ...b }, c])).toEqual({ added: [a], gone: [c] })
})
