import { expect, it } from 'vitest'
import { observationFromJson } from '../../../src/model/host/host-observation.ts'
import type { LastRun } from '../../../src/model/host/status-schema.ts'
import type { Observation } from '../../../src/model/host/system.ts'
import { statusOf } from '../../../src/pipeline/status/notes.ts'
import { sampleSettings, storePath } from '../../rig/samples/plan.ts'
import { sampleObservation } from '../../rig/samples/status.ts'

const [old, planned, foreign] = ['a', 'b', 'c'].map((digit) => storePath(digit, 'nixos-system-x-25.05')) as [
  string,
  string,
  string,
]

function does(more: Partial<Observation> = {}): Observation {
  return { ...observationFromJson(sampleObservation()), ...more }
}

/** A run that was to bring the host from `old` to `planned`. */
function recorded(last: Partial<LastRun> = {}, isBegun = true) {
  const run = { run: 'r', at: '2026-01-01T00:00:00.000Z', ending: 'succeeded', to: planned, mode: 'switch' } as const
  return { systems: new Set([old, planned]), machine: null, hostKey: null, last: { ...run, ...last }, isBegun }
}

const told = (...args: Parameters<typeof statusOf>) => {
  const { drifted, notes } = statusOf(...args)
  return [drifted, ...notes.map(({ code }) => code)]
}
const written = { settings: sampleSettings('x'), hostnameFrom: 'fleet.yaml' } as const
const unwritten = { ...written, hostnameFrom: 'configuration' } as const
const at = (system: string, nextBoot = system) => does({ system, profile: nextBoot, nextBoot })

it.each([
  ['where its last run left it', at(planned), recorded(), [false]],
  ['where nobody knows of any run', at(foreign), null, [false]],
  ['where no run put it', at(foreign), recorded(), [true, 'drift/unrecorded']],
  ['taken back', at(old), recorded({ ending: 'rolled-back' }), [true, 'status/not-deployed']],
  ['that its last run never reached', at(old), recorded({ ending: 'cancelled' }, false), [false]],
  ['that was only built for before a kill', at(old), recorded({ ending: 'unfinished' }, false), [false]],
  ['switched without its profile', at(planned, old), recorded(), [true, 'plan/half-way']],
  [
    'set for its next boot by its last run',
    at(old, planned),
    recorded({ mode: 'boot' }),
    [false, 'status/set-for-boot'],
  ],
  ['under test by its last run', at(planned, old), recorded({ mode: 'test' }), [false]],
  ['another machine by its name', does({ hostname: 'y' }), null, [true, 'plan/hostname']],
  ['in the middle of an activation', does({ activating: true }), null, [false, 'status/activating']],
])('a host %s', (_where, observation, journal, expected) => {
  expect(told(observation, written, journal)).toEqual(expected)
})

it('a reboot is pending where the running system would boot another kernel, and is no drift', () => {
  const links = (digit: string) => ({
    kernel: storePath(digit, 'linux-6.6.41'),
    initrd: null,
    kernelModules: null,
    kernelParams: null,
  })
  const detail = { links: links('d'), selfUpdaters: [] } as unknown as Observation['detail']
  expect(statusOf(does({ bootLinks: links('e'), detail }), written, null)).toMatchObject({
    drifted: false,
    rebootPending: true,
  })
  expect(statusOf(does({ bootLinks: links('d'), detail }), written, null).rebootPending).toBe(false)
  expect(statusOf(does({ booted: null }), written, null).rebootPending).toBe(false)
  expect(statusOf(does({ bootLinks: links('d') }), written, null).rebootPending).toBeNull()
})

it.each([
  ['is no news from a machine that a plan saw under its right name', does({ hostname: 'h1', machine: 'm' }), 'm', []],
  ['is a warning from another machine', does({ hostname: 'h1', machine: 'n' }), 'm', ['status/hostname']],
  ['is a warning where no plan saw any', does({ hostname: 'h1', machine: 'm' }), null, ['status/hostname']],
  ['that fleet.yaml has is right', does({ hostname: 'x', machine: 'm' }), null, []],
])('where fleet.yaml expects no hostname, one %s', (_what, observation, machine, codes) => {
  const journal = machine === null ? null : { ...recorded(), last: null, systems: new Set<string>(), machine }
  const { notes } = statusOf(observation, unwritten, journal)
  expect(notes.map(({ code }) => code).filter((code) => code === 'status/hostname')).toEqual(codes)
})
