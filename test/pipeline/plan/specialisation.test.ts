import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { isConverged } from '../../../src/model/host/converged.ts'
import { observationFromJson, observationToJson } from '../../../src/model/host/host-observation.ts'
import type { Observation } from '../../../src/model/host/system.ts'
import { observationScript } from '../../../src/pipeline/observe/script.ts'
import { parseObservation } from '../../../src/pipeline/observe/parse.ts'
import { driftNotes, takenBackNotes } from '../../../src/pipeline/plan/drift.ts'
import { planHost } from '../../../src/pipeline/plan/plan-host.ts'
import { sampleEvaluation } from '../../rig/samples/evaluation.ts'
import { sampleDiff, sampleSettings, storePath } from '../../rig/samples/plan.ts'
import { statusText } from '../../../src/views/status/text.ts'
import { checked } from '../../rig/files/schema.ts'
import { answered, sampleObservation, sampleStatus } from '../../rig/samples/status.ts'

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'fleet-specialisation-')))
afterAll(() => rmSync(folder, { recursive: true }))

const [base, gpu] = [storePath('a', 'nixos-system-web-25.05'), storePath('g', 'nixos-system-web-25.05')]

function running(): Observation {
  const observed = observationFromJson(sampleObservation())
  return {
    ...observed,
    hostname: 'web',
    system: gpu,
    profile: base,
    nextBoot: base,
    specialisation: { name: 'gpu', of: base },
  }
}

function planned(system: string) {
  const host = {
    name: 'web',
    enabled: true,
    settings: sampleSettings('web'),
    place: { file: 'fleet.yaml', line: 1, column: 1 },
  }
  const evaluation = { ...sampleEvaluation('web'), system, profile: system, platform: running().platform ?? '' }
  return planHost(host as never, 'all', {
    evaluation: { ok: true, value: evaluation },
    observation: { ok: true, value: running() },
    difference: system === base ? null : { diff: sampleDiff(), problems: [] },
    drift: [],
    warnings: [],
  })
}

test('the script tells which specialisation of what it would boot a host runs', () => {
  const [system, special] = ['system', 'special'].map((name) => join(folder, name)) as [string, string]
  mkdirSync(join(system, 'specialisation'), { recursive: true })
  mkdirSync(special)
  symlinkSync(special, join(system, 'specialisation/gpu'))
  const at = (path: string) => join(folder, path)
  symlinkSync(special, at('current'))
  symlinkSync(system, at('profile'))
  symlinkSync('/etc/hostname', join(system, 'nixos-version'))
  const version = join(system, 'nixos-version')
  rmSync(version)
  execFileSync('touch', [version])
  const script = observationScript
    .replaceAll('/run/current-system', at('current'))
    .replaceAll('/nix/var/nix/profiles/system', at('profile'))
  const said = execFileSync('sh', ['-s', 'nonce', 'no'], { input: script, encoding: 'utf8' })
  expect(said).toMatch(/^specialisation=gpu$/m)
  expect(said).toContain(`specialisation-of=${system}\n`)
})

test('what a host says of it is read, and a half of it is nothing', () => {
  const read = (lines: readonly string[]) => {
    const text = [
      'fleet-observation 1 n',
      `system=${gpu}`,
      'hostname=web',
      ...lines,
      'fleet-observation end n',
      '',
    ].join('\n')
    const found = parseObservation(text, 'n')
    return found.ok ? found.value.specialisation : found
  }
  expect(read(['specialisation=gpu', `specialisation-of=${base}`])).toEqual({ name: 'gpu', of: base })
  expect(read(['specialisation=gpu'])).toBeNull()
  expect(read(['specialisation=gpu', 'specialisation-of=/etc/passwd'])).toBeNull()
  expect(read([`specialisation=${'g'.repeat(256)}`, `specialisation-of=${base}`])).toBeNull()
})

test('a status file keeps the specialisation, so that a plan made from it knows it', () => {
  const json = checked('status', sampleStatus([['all', ['web']]], { web: answered(observationToJson(running()), {}) }))
  const host = json.hosts['web']
  if (host?.reach !== 'answered') throw new Error('no answer')
  expect(observationFromJson(host.observation).specialisation).toEqual({ name: 'gpu', of: base })
  expect(statusText(json, { color: false, width: 200, verbose: true })).toContain(
    'specialisation    gpu of the system of the next boot',
  )
  const { specialisation: _, ...older } = host.observation
  expect(observationFromJson(older).specialisation).toBeNull()
})

test('a host in a specialisation of its planned system is up to date, and is left in it', () => {
  const there = planned(base)
  expect(there.action).toBe('none')
  expect(there.notes.map(({ code }) => code)).toContain('plan/specialisation')
  expect(isConverged('switch', running(), { system: base, profile: base })).toBe(true)
})

test('a change says loudly that it takes a host out of its specialisation', () => {
  const change = planned(storePath('n', 'nixos-system-web-25.11'))
  expect(change.action).toBe('change')
  const said = change.notes.find(({ code }) => code === 'plan/leaves-specialisation')
  expect(said).toMatchObject({ severity: 'error', summary: 'the change takes the host out of its specialisation gpu' })
  expect(change.notes.map(({ code }) => code)).not.toContain('plan/half-way')
})

test('a host in a specialisation of what the last run brought has not drifted', () => {
  const last = { run: '1', ending: 'succeeded', mode: 'switch', to: base } as const
  const recorded = { systems: new Set([base]), machine: null, hostKey: null, last, isBegun: true }
  const evidence = { recorded: recorded as never, history: null, plannedRevision: null }
  expect(driftNotes({ ...running(), detail: null }, evidence)).toEqual([])
  expect(takenBackNotes(running(), recorded as never)).toEqual([])
})
