import type { Failure } from '../../../src/model/plan/plan-schema.ts'
import { expect, test } from 'vitest'
import { healthOf } from '../../../src/model/plan/checked.ts'
import { checkNow } from '../../../src/pipeline/health/check-now.ts'
import { checkPlanned } from '../../../src/pipeline/plan/check-planned.ts'
import { missingPrograms } from '../../../src/pipeline/settings/missing-programs.ts'
import type { CheckType, Measurement } from '../../../src/ports/check.ts'
import { fleetOf } from '../../rig/files/fleet-file.ts'
import { changed, samplePlan, sampleSettings, unreachable } from '../../rig/samples/plan.ts'
import { commandCheckOf } from '../../rig/samples/checks.ts'
import { sampleCheck } from '../../rig/doubles/world.ts'
import { VirtualClock } from '../../rig/doubles/virtual-clock.ts'

const fleet = fleetOf(`
hosts: { a: { checks: [ssh, disk] }, b: { checks: [disk] }, c: {} }
checks:
  disk: { type: command, run: [df], initialDelay: 30s, stableFor: 30s }
  site: { type: command, from: operator, run: [curl] }
waves: [{ name: first, hosts: [a], checks: [site] }, { name: rest, hosts: [b, c] }]
`)
const signal = new AbortController().signal

/** Answers of each check, as `HOST CHECK`; what is not named passes. */
function ports(answers: Readonly<Record<string, Measurement['result']>> = {}) {
  const asked: string[] = []
  const type: CheckType = {
    async measure(_, { name, check, phase }) {
      asked.push(`${name} ${check} ${phase}`)
      return { result: answers[`${name} ${check}`] ?? 'pass', message: 'so it is' }
    },
  }
  return { asked, clock: new VirtualClock(), checkTypes: { ssh: type, systemd: type, command: type } }
}

const request = {
  fleet,
  selected: new Set(['a', 'b']),
  waves: fleet.waves,
  parallelism: 4,
  onChecked: () => {},
}

test('each check of the selected hosts and their waves is asked once, now', async () => {
  const world = ports({ 'b disk': 'fail' })
  const began = world.clock.now()
  const checked = await checkNow(request, world, signal)
  expect(world.asked.toSorted()).toEqual(['a disk now', 'a ssh now', 'b disk now', 'first site now'])
  expect(checked.map(({ host, wave, checks }) => [host, wave, checks.map(({ check }) => check)])).toEqual([
    ['a', 'first', ['ssh', 'disk']],
    [null, 'first', ['site']],
    ['b', 'rest', ['disk']],
  ])
  expect(checked.map(healthOf)).toEqual(['healthy', 'healthy', 'unhealthy'])
  expect(world.clock.now()).toBe(began)
})

test('what cannot be measured, or is not ready, is neither healthy nor unhealthy', async () => {
  const checked = await checkNow(request, ports({ 'a disk': 'error', 'b disk': 'pending' }), signal)
  expect(checked.map(healthOf)).toEqual(['inconclusive', 'healthy', 'inconclusive'])
})

const settings = (checks: readonly string[]) => sampleSettings('web', { checks })
const common = { units: fleet.checks['units'] ?? sampleCheck(), ssh: sampleCheck() }

test('a plan says what fails already, of hosts that change, and asks nothing that observing has answered', async () => {
  const { hosts } = samplePlan({
    web: { ...changed('web'), settings: settings(['ssh', 'units', 'disk', 'first']) },
    away: unreachable('away'),
  }).body
  const checks = { ...common, disk: commandCheckOf(['df']), first: commandCheckOf(['x'], { precondition: true }) }
  const world = ports({ 'web disk': 'fail', 'web first': 'fail' })
  const found = await checkPlanned({ hosts, checks, parallelism: 4 }, world, signal)
  expect(world.asked.toSorted()).toEqual(['web disk before', 'web first before'])
  expect(found['web']?.notes.map(({ code, detail }) => [code, detail])).toEqual([
    ['check/failed-before', 'A check that failed before does not fail the change. `fleet check` shows what it finds.'],
    ['check/precondition', 'The host is not touched until it passes. `fleet check` shows what it finds.'],
  ])
  expect(found['away']).toEqual(hosts['away'])
})

test('programs that the selected hosts’ checks lack on this machine are all named', async () => {
  const world = ports()
  const checkTypes = {
    ...world.checkTypes,
    command: {
      ...world.checkTypes.command,
      missing: async (): Promise<Failure> => ({ code: 'check/missing-program', summary: 's', detail: 'curl.' }),
    },
  }
  const missing = await missingPrograms(fleet, new Set(['a']), { checkTypes }, signal)
  expect(missing.map(({ detail }) => detail)).toEqual(['Check disk: curl.', 'Check site: curl.'])
  expect(await missingPrograms(fleet, new Set(['c']), { checkTypes }, signal)).toEqual([])
})
