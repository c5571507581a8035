import { expect, test } from 'vitest'
import { driftNotes, takenBackNotes } from '../../../src/pipeline/plan/drift.ts'
import type { Recorded } from '../../../src/model/host/recorded.ts'
import type { Observation } from '../../../src/model/host/system.ts'
import { sampleObserved, storePath } from '../../rig/samples/plan.ts'

const system = storePath('a', 'nixos-system-web-25.05')

function observed(more: Partial<Observation> = {}): Observation {
  return {
    ...sampleObserved('web', { system, machine: 'one', revision: 'f'.repeat(40) }),
    systemState: 'running',
    bootId: null,
    kernelRelease: '6.12',
    bootLinks: { kernel: null, initrd: null, kernelModules: null, kernelParams: null },
    freeBytes: { nix: null, boot: null },
    activating: false,
    selectedPackages: null,
    mayActAsRoot: null,
    profileAgeSeconds: null,
    uptimeSeconds: null,
    detail: null,
    ...more,
  }
}

const none = { recorded: null, history: null, plannedRevision: '0'.repeat(40) }
const recorded = (systems: ReadonlySet<string>, machine: string | null, hostKey: string | null = null) => ({
  systems,
  machine,
  hostKey,
  last: null,
  isBegun: true,
})
const codes = (...args: Parameters<typeof driftNotes>) => driftNotes(...args).map(({ code }) => code)

test('a host of which nothing is on record is not called drifted', () => {
  expect(codes(observed(), none)).toEqual([])
  expect(codes(observed(), { ...none, recorded: recorded(new Set(), null) })).toEqual([])
})

test('a system that no run put there is said, one that a run put there is not', () => {
  expect(codes(observed(), { ...none, recorded: recorded(new Set(['/nix/store/other']), null) })).toEqual([
    'drift/unrecorded',
  ])
  expect(codes(observed(), { ...none, recorded: recorded(new Set([system]), null) })).toEqual([])
})

test('another machine id is said, an unknown one is not', () => {
  expect(codes(observed(), { ...none, recorded: recorded(new Set(), 'two') })).toEqual(['drift/other-machine'])
  expect(codes(observed({ machine: null }), { ...none, recorded: recorded(new Set(), 'two') })).toEqual([])
})

test('another ssh host key is said, unless the whole machine is another', () => {
  const before = recorded(new Set(), 'two', 'SHA256:old')
  expect(codes(observed({ machine: 'two', hostKey: 'SHA256:new' }), { ...none, recorded: before })).toEqual([
    'drift/other-host-key',
  ])
  expect(codes(observed({ machine: 'one', hostKey: 'SHA256:new' }), { ...none, recorded: before })).toEqual([
    'drift/other-machine',
  ])
  for (const hostKey of ['SHA256:old', null])
    expect(codes(observed({ machine: 'two', hostKey }), { ...none, recorded: before })).toEqual([])
})

test('an older revision is a downgrade, a foreign one has diverged, a newer one is neither', () => {
  const history = (ahead: number, behind: number) => ({ ahead, behind, commits: [] })
  expect(driftNotes(observed(), { ...none, history: history(0, 2) })).toEqual([
    {
      code: 'drift/downgrade',
      severity: 'warning',
      summary: 'the plan would deploy an older revision',
      detail: 'The host runs fffffff, the plan is 0000000, which is 2 commits older.',
    },
  ])
  expect(codes(observed(), { ...none, history: history(1, 1) })).toEqual(['drift/diverged'])
  expect(codes(observed(), { ...none, history: history(3, 0) })).toEqual([])
  expect(codes(observed(), { ...none, history: history(0, 0) })).toEqual([])
})

test('a host that runs an older recorded system after a run that succeeded was rolled back by somebody', () => {
  const [now, brought] = [system, storePath('b', 'nixos-system-web-25.11')]
  const last = {
    run: '20260101T000000Z-aaaa',
    at: '2026-01-01T00:00:00.000Z',
    ending: 'succeeded',
    to: brought,
    mode: 'switch',
  } as const
  const known = { ...recorded(new Set([now, brought]), null), last }
  const codes = (more: Partial<Recorded>) => takenBackNotes(observed(), { ...known, ...more }).map(({ code }) => code)
  expect(codes({})).toEqual(['drift/behind'])
  expect(codes({ last: null })).toEqual([])
  expect(codes({ systems: new Set([brought]) })).toEqual([])
  for (const other of [{ ending: 'rolled-back' }, { mode: 'boot' }, { mode: 'test' }, { to: now }])
    expect(takenBackNotes(observed(), { ...known, last: { ...last, ...other } as typeof last })).toEqual([])
})
