import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { systemClock } from '../../../src/adapters/clock.ts'
import { fileEvaluations } from '../../../src/adapters/state/evaluations.ts'
import type { Evaluation } from '../../../src/model/host/system.ts'

let state = ''
beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), 'fleet-evaluations-'))
})
afterEach(() => rmSync(state, { recursive: true }))

function evaluation(drv: string): Evaluation {
  return {
    drv,
    system: '/nix/store/x',
    profileDrv: null,
    profile: '/nix/store/x',
    platform: 'x86_64-linux',
    release: null,
    bootLinks: { kernel: null, initrd: null, kernelModules: null, kernelParams: ['quiet'] },
    kernelVersion: null,
    selectedPackages: null,
    warnings: ['old'],
    facts: { firewall: null, users: ['root'], units: [], etc: null },
  }
}

const file = (key: string) => join(state, 'cache', 'evaluations', `${key}.json`)

test('what was put is got, by this fleet and by the next, and is for the owner alone', async () => {
  const kept = evaluation(join(state, 'x.drv'))
  writeFileSync(kept.drv, '')
  await fileEvaluations(state, systemClock).put('key', kept)
  expect(await fileEvaluations(state, systemClock).get('key')).toEqual(kept)
  expect(await fileEvaluations(state, systemClock).get('other')).toBeNull()
  expect(statSync(file('key')).mode & 0o777).toBe(0o600)
})

test('an evaluation whose derivation was collected does not count', async () => {
  const kept = evaluation(join(state, 'x.drv'))
  writeFileSync(kept.drv, '')
  const evaluations = fileEvaluations(state, systemClock)
  await evaluations.put('key', kept)
  rmSync(kept.drv)
  expect(await evaluations.get('key')).toBeNull()
})

test('a store that keeps its files elsewhere is believed', async () => {
  const evaluations = fileEvaluations(state, systemClock)
  await evaluations.put('key', evaluation('/elsewhere/x.drv'))
  expect(await evaluations.get('key')).not.toBeNull()
})

test.each(['', '{', 'null', '[]', '{"evaluation":{"drv":1}}', '{"evaluation":{}}'])(
  'a damaged entry (%j) is as good as none, and is written again',
  async (damage) => {
    const evaluations = fileEvaluations(state, systemClock)
    await evaluations.put('key', evaluation('/elsewhere/x.drv'))
    writeFileSync(file('key'), damage)
    expect(await evaluations.get('key')).toBeNull()
    await evaluations.put('key', evaluation('/elsewhere/x.drv'))
    expect(await evaluations.get('key')).not.toBeNull()
  },
)

test('costs are learned host by host, and a damaged file forgets them', async () => {
  const evaluations = fileEvaluations(state, systemClock)
  expect(await evaluations.costs()).toEqual(new Map())
  await evaluations.learn(new Map([['a', { peakBytes: 1, cpuMs: 2 }]]))
  await evaluations.learn(new Map([['b', { peakBytes: 3, cpuMs: 4 }]]))
  expect(await fileEvaluations(state, systemClock).costs()).toEqual(
    new Map([
      ['a', { peakBytes: 1, cpuMs: 2 }],
      ['b', { peakBytes: 3, cpuMs: 4 }],
    ]),
  )
  writeFileSync(file('costs'), readFileSync(file('costs'), 'utf8').replace('"peakBytes":1', '"peakBytes":"much"'))
  expect([...(await evaluations.costs()).keys()]).toEqual(['b'])
})

test('what has not been written for a month is thrown away', async () => {
  const evaluations = fileEvaluations(state, systemClock)
  await evaluations.put('old', evaluation('/elsewhere/x.drv'))
  await evaluations.put('new', evaluation('/elsewhere/x.drv'))
  utimesSync(file('old'), 0, Date.now() / 1000 - 40 * 24 * 3600)
  await evaluations.learn(new Map())
  expect(readdirSync(join(state, 'cache', 'evaluations')).toSorted()).toEqual(['costs.json', 'new.json'])
})

test('where nothing can be written nothing is kept, and nothing fails', async () => {
  writeFileSync(join(state, 'cache'), 'in the way')
  const evaluations = fileEvaluations(state, systemClock)
  await evaluations.put('key', evaluation('/elsewhere/x.drv'))
  await evaluations.learn(new Map([['a', { peakBytes: 1, cpuMs: 2 }]]))
  expect(await evaluations.get('key')).toBeNull()
  expect(await evaluations.costs()).toEqual(new Map())
})
