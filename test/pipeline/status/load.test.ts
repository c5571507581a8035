import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { observationFromJson, observationToJson } from '../../../src/model/host/host-observation.ts'
import type { Status } from '../../../src/model/host/status-schema.ts'
import type { HostDetail, Observation } from '../../../src/model/host/system.ts'
import { loadStatus } from '../../../src/pipeline/status/load.ts'
import { storePath } from '../../rig/samples/plan.ts'
import { answered, sampleObservation, sampleStatus } from '../../rig/samples/status.ts'

const none = { kernel: null, initrd: null, kernelModules: null, kernelParams: null }
const detail: HostDetail = {
  etc: [{ name: 'hosts', target: '/etc/static/hosts' }],
  etcModes: new Map([['sudoers', { mode: '0440', user: '+0', group: '+0' }]]),
  unitLinks: [{ name: 'a.target.wants/b.service', target: '../b.service' }],
  unitStates: [{ unit: 'b.service', active: 'active', sub: 'running', fragment: '' }],
  links: none,
  systemd: storePath('b', 'systemd-257'),
  softwarePath: null,
  inhibitors: '{"a":"b"}',
  initInterface: 'systemd 2',
  nixVersion: null,
  selfUpdaters: ['comin.service'],
  deriver: `${storePath('c', 'nixos')}.drv`,
  usersFile: null,
  firewallFile: null,
}
const whole: Observation = { ...observationFromJson(sampleObservation()), hostKey: 'SHA256:x', detail }
const status = sampleStatus([['all', ['a']]], { a: answered(observationToJson(whole)) })

function problemsOf(value: unknown, text = JSON.stringify(value, null, 1)) {
  const found = loadStatus(text, 'status.json')
  return found.ok ? [] : found.diagnostics
}

/** The status with one value at a path replaced. */
function withValue(path: readonly string[], value: unknown): unknown {
  const copy = structuredClone(status) as unknown as Record<string, unknown>
  let at = copy
  for (const step of path.slice(0, -1)) at = at[step] as Record<string, unknown>
  at[path.at(-1) ?? ''] = value
  return copy
}

const observation = ['hosts', 'a', 'observation'] as const

describe('saved observations', () => {
  it('are the same when they are read again', () => {
    const found = loadStatus(JSON.stringify(status), 'status.json')
    if (!found.ok) throw new Error(JSON.stringify(found.diagnostics))
    const a = found.value.hosts['a']
    if (a?.reach !== 'answered') throw new Error('a did not answer')
    expect(observationFromJson(a.observation)).toEqual(whole)
  })

  it.each([
    [[...observation, 'system'], '/etc/passwd'],
    [[...observation, 'system'], `${storePath('a', 'x')}/../../etc`],
    [[...observation, 'detail', 'etc'], [{ name: 'motd', target: `${storePath('a', 'x')}/../../../root/secret` }]],
    [[...observation, 'detail', 'unitLinks'], [{ name: 'a.service', target: '/..' }]],
    [[...observation, 'release'], '25.05\u001b[31m'],
    [[...observation, 'hostname'], 'a\nb'],
    [[...observation, 'generation'], -1],
    [[...observation, 'generation'], 1e300],
    [[...observation, 'failedUnits'], [1]],
    [[...observation, 'detail', 'etc', '0', 'name'], '../../etc/shadow'],
    [[...observation, 'detail', 'etcModes', 'sudoers', 'mode'], '$(reboot)'],
    [[...observation, 'detail', 'selfUpdaters', '0'], 'evil.service'],
    [['hosts', 'a', 'reach'], 'maybe'],
    [['observedAt'], 'yesterday'],
  ] as const)('are refused where %j is %j, and the place is told', (path, value) => {
    const [problem, ...others] = problemsOf(withValue(path, value))
    expect(others).toEqual([])
    expect(problem).toMatchObject({ code: 'observed/damaged', place: { file: 'status.json' } })
    expect(problem?.place?.line).toBeGreaterThan(1)
    expect(problem?.place?.text).not.toBe('')
  })

  it('are not JSON where the text ends too early, and the place is in it', () => {
    const [problem] = problemsOf(null, JSON.stringify(status, null, 1).slice(0, 500))
    expect(problem).toMatchObject({ code: 'observed/not-json' })
  })

  it('show a part of a line that is very long', () => {
    const text = JSON.stringify(withValue([...observation, 'hostname'], 'x'.repeat(100_000)))
    const [problem] = problemsOf(null, text)
    expect(problem?.place?.text.length).toBeLessThanOrEqual(160)
  })

  it('never break the reader, whatever JSON they are', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(loadStatus(text, 'x').ok).toBe(false)
      }),
      { numRuns: 50 },
    )
  })

  it('hold nothing under a name that every object has', () => {
    const { hosts } = JSON.parse(JSON.stringify(status)) as Status
    expect(Object.hasOwn(hosts, 'constructor')).toBe(false)
  })
})
